/** Telemetry of a service or instance stopped while that of others goes on: it is down, or nobody can see it. */
import type { PresenceRow } from '@faultline/model';
import type { Comparison } from '../compare/comparison.ts';
import { silenceCertainty } from '../compare/expected-signs.ts';
import { isReplaced, type SilentAndLeft } from '../compare/replaced.ts';
import { type Detection, type Finding, minStrength } from '../finding/finding.ts';
import { formatPercent, formatSeconds } from '../finding/format.ts';
import { evidenceKind, type RefutationInputs } from '../finding/kind.ts';
import { referenceToPresence } from '../finding/reference.ts';
import { notRun, type Refutation, refuted, survived } from '../finding/refutation.ts';
import { logOdds } from '../finding/weight.ts';
import { isSilent, lastSignMs, recentlyAliveMs, silenceMs } from '../rows/presence.ts';

interface Facts {
  /** The instance, or the service where several are silent. */
  readonly name: string;
  readonly silentForMs: number;
}
type Found = Detection<'down' | 'telemetryGap', Facts>;
type Inputs = Pick<Comparison, 'input' | 'watermarks' | 'slices' | 'groups' | 'presence' | 'onset' | 'edges'>;

export const telemetryGap = evidenceKind({
  name: 'telemetry-gap',
  signal: 'presence',
  weights: {
    down: logOdds(4.2, 'telemetry stopped and its callers fail'),
    telemetryGap: logOdds(3, 'telemetry stopped, and no caller fails'),
  },
  traits: { failsCallers: true, affectsPart: true, telemetryStopped: true },
  detect(inputs: Inputs): Found[] {
    const silent = silentServices(inputs);
    // If telemetry is still on its way, or many fall silent at once, the collection is to blame.
    const trust = (inputs.input.answer?.missing.length === 0 ? 1 : 0.3) / Math.max(1, silent.length - 1);
    return silent.flatMap((one) => judge(inputs, one, trust * silenceCertainty(inputs, one.gone, one.silentForMs)));
  },
  describe: ({ facts: { name, silentForMs } }) => ({
    summary: `no spans, logs or metrics from ${name} for ${formatSeconds(silentForMs)}, while others go on sending`,
    before: 'sending',
    during: `silent for ${formatSeconds(silentForMs)}`,
  }),
  reference: ({ service }) => referenceToPresence(service),
  refute: missedByCallers,
});

interface SilentService extends SilentAndLeft {
  readonly service: string;
  readonly silentForMs: number;
}

/** None where most senders are silent: then it is no matter of one service. */
function silentServices(inputs: Inputs): SilentService[] {
  const { watermarks, presence, onset } = inputs;
  if (watermarks === null) return [];
  const isGone = (row: PresenceRow): boolean => isSilent(row, watermarks);
  const alive = presence.filter((row) => !isGone(row));
  if (alive.length * 2 < presence.length) return [];
  const wasRecent = (row: PresenceRow): boolean => lastSignMs(row) >= onset.atMs - recentlyAliveMs;
  return [...Map.groupBy(presence, (row) => row.service)].flatMap(([service, rows]) => {
    const gone = rows.filter((row) => isGone(row) && wasRecent(row));
    if (gone.length === 0) return [];
    const left = rows.filter((row) => !isGone(row));
    // Where nothing tells, enough others that go on are taken for the new ones of a rollout.
    if (left.length > 0 && (isReplaced(inputs, service, { gone, left }) ?? left.length >= gone.length)) return [];
    return [{ service, gone, left, silentForMs: Math.min(...gone.map((row) => silenceMs(row, watermarks))) }];
  });
}

/** One instance of several: the others go on, so it can only be a part of the harm. */
const partStrength = 0.5;

/** A service that is still called and fails its callers is down. One that nobody misses is only unseen. */
function judge(
  { edges }: Pick<Inputs, 'edges'>,
  { service, gone, left, silentForMs }: SilentService,
  trust: number,
): Found[] {
  const isMissed = edges.some(({ callee, during }) => callee === service && during.errors > 0);
  const isPart = left.length > 0;
  const instance = gone.length === 1 ? (gone[0]?.instance ?? '') : '';
  const strength = trust * (isPart ? partStrength : 1);
  if (strength < minStrength) return [];
  const faultType = isMissed || isPart ? 'down' : 'blind';
  const facts = { name: instance || service, silentForMs };
  return [{ weightName: isMissed ? 'down' : 'telemetryGap', service, instance, faultType, strength, facts }];
}

/** Whether a service without telemetry is missed. Callers of one that is down fail; callers of one that is only unseen do not. */
function missedByCallers(
  { edges }: Pick<RefutationInputs, 'edges'>,
  { service, weightName }: Pick<Finding<string, 'down' | 'telemetryGap'>, 'service' | 'weightName'>,
): Refutation {
  const isDown = weightName === 'down';
  const test = isDown ? `Is only the telemetry of ${service} lost?` : `Is ${service} down?`;
  const calls = edges.filter(({ callee, during }) => callee === service && during.calls > 0);
  if (calls.length === 0) return notRun(test, 'no calls to it were seen since the onset');
  const failures = calls.reduce((sum, { during }) => sum + during.errors, 0);
  const all = calls.reduce((sum, { during }) => sum + during.calls, 0);
  const how = `${formatPercent(failures / all)} of ${all} calls to it failed since the onset`;
  return failures > 0 === isDown ? survived(test, how) : refuted(test, how);
}
