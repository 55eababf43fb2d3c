/** A release judged by metrics alone: its new instances beside those of the old version, in the same minutes. */
import type { Change } from '@faultline/model';
import { freshInstances } from '../../rows/fresh-instances.ts';
import { worseDirection } from '../../vocabulary/metric-subject.ts';
import type { Comparison } from '../comparison.ts';
import type { MetricShift } from '../metric-shifts.ts';
import type { ChangeVerdict } from './versions.ts';

type Inputs = Pick<Comparison, 'input' | 'shifts' | 'onset'>;

/** A new instance may report up to a scrape before its release is told. */
const slackMs = 60_000;
/** As for a service that counts as degraded. */
const minZ = 6;
const minGrowth = 0.25;

/**
 * `guilty`: some metric of the new instances is worse than that of the old ones, which are as before. `innocent`: the old ones got worse as
 * well, or the new ones answer like them. `unknown` without new and old instances that report the same metrics.
 */
export function contrastCanary({ input, shifts, onset }: Inputs, change: Change, service: string): ChangeVerdict {
  const { startOf } = freshInstances(input.answer?.series ?? [], onset.beforeToMs);
  const own = shifts.filter(({ shift }) => shift.row.service === service && shift.row.instance !== '');
  const isNew = ({ shift }: MetricShift): boolean => (startOf(shift.row) ?? -1) >= change.startedAtMs - slackMs;
  const old = own.filter(({ shift }) => startOf(shift.row) === null);
  const compared = new Set(old.map(({ shift }) => shift.row.metric));
  const fresh = own.filter((one) => isNew(one) && compared.has(one.shift.row.metric));
  if (fresh.length === 0) return 'unknown';
  if (old.some(isWorse)) return 'innocent';
  if (fresh.some(isWorse)) return 'guilty';
  return fresh.some(({ subject }) => worseDirection(subject) !== 0) ? 'innocent' : 'unknown';
}

/** More of a resource is worse as well. */
function isWorse({ subject, shift: { z, growth } }: MetricShift): boolean {
  const direction = subject === 'requests' ? 0 : worseDirection(subject) || 1;
  return direction * z > minZ && direction * growth > minGrowth;
}
