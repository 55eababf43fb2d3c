/**
 * How surprising the silence of instances is. A service that seldom sends is often silent for minutes, and that means nothing. So silence is
 * compared with how regularly the same instances sent before.
 */
import type { PresenceRow } from '@faultline/model';
import { periodOf } from '../rows/series-period.ts';
import type { Comparison } from './comparison.ts';

type Inputs = Pick<Comparison, 'input' | 'slices' | 'groups' | 'presence'>;

/** Metrics whose interval is not known are exported about once a minute. */
const usualPeriodMs = 60_000;
/** What one missed export adds. One in eight is late or lost. */
const natsPerExport = 2;
/** Beyond what chance makes among all services: one in twenty is certain enough. */
const certainNats = 3;

/**
 * 0 to 1: how sure it is that these instances would have sent something in the meantime. The number of services is the number of tests
 * (Bonferroni). 1 where nothing is known about how often they send.
 */
export function silenceCertainty(inputs: Inputs, gone: readonly PresenceRow[], silentForMs: number): number {
  const nats = gone.reduce((sum, row) => sum + silenceNats(inputs, row, silentForMs), 0);
  const services = new Set(inputs.presence.map(({ service }) => service)).size;
  return Math.min(1, Math.max(0, (nats - Math.log(services)) / certainNats));
}

/** The negative log of the probability that an instance sends nothing for so long although it is well. */
function silenceNats(inputs: Inputs, row: PresenceRow, silentForMs: number): number {
  const spans = spanNats(inputs, row, silentForMs);
  const metrics = row.lastMetricMs > 0 ? (natsPerExport * silentForMs) / exportPeriodMs(inputs, row) : null;
  return spans === null && metrics === null ? Number.POSITIVE_INFINITY : (spans ?? 0) + (metrics ?? 0);
}

/** From the share of slices in which it sent spans; null where there are none. A burst now and then is no steady sender. */
function spanNats({ groups, slices }: Inputs, row: PresenceRow, silentForMs: number): number | null {
  const active = new Set<number>();
  for (const { service, rows } of groups.operations)
    if (service === row.service)
      for (const { slice, instance } of rows) if (instance === row.instance) active.add(slice);
  if (active.size === 0) return null;
  const firstSlice = Math.min(...active);
  const [first, short] = [firstSlice === 0 ? 1 : firstSlice, slices.slice(1)];
  const judged = slices.flatMap(({ toMs }, slice) => (slice >= first && toMs <= row.lastSpanMs ? [slice] : []));
  if (judged.length === 0) return null;
  const share = (judged.filter((slice) => active.has(slice)).length + 0.5) / (judged.length + 1);
  const lengthMs = short.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0) / short.length;
  return (-Math.log(1 - share) * silentForMs) / lengthMs;
}

function exportPeriodMs({ input }: Inputs, { service, instance }: PresenceRow): number {
  const own = (input.answer?.series ?? []).filter((row) => row.service === service && row.instance === instance);
  const periods = own.map(periodOf).filter((period) => period > 0);
  return periods.length === 0 ? usualPeriodMs : Math.min(...periods);
}
