/**
 * Every number that is fitted from labelled cases: its name, its unit, what it means and where it starts. The values in force are in
 * `tuned.ts`, which `npm run fit` writes. What is a definition of a test (a floor, an effect size) stands with the test instead.
 */

/** How a number starts, and how far data may move it. */
export interface TuningSpec {
  /** The prior: what one would say without any data. */
  readonly start: number;
  readonly min: number;
  readonly max: number;
  readonly unit: 'log-odds' | 'share';
  readonly why: string;
}

const logOdds = (start: number, why: string): TuningSpec => ({ start, min: 0, max: 8, unit: 'log-odds', why });
/** Made-up days without a fault are quieter than real ones, which nobody labels: data may not talk doubt down any further. */
const atLeast = (min: number, spec: TuningSpec): TuningSpec => ({ ...spec, min });
const share = (start: number, why: string): TuningSpec => ({ start, min: 0, max: 1, unit: 'share', why });

/** Log-odds at full strength: 2.3 makes a cause ten times as likely. */
export const tuningSpec = {
  selfTime: logOdds(
    5,
    'time added in its own code: nearly a proof when all of it is there, since children are taken off',
  ),
  edgeGap: logOdds(5, 'time added between caller and callee: as good, but caller, callee and the wire share it'),
  ownErrors: logOdds(5, 'errors that begin here'),
  silentSlow: logOdds(4.5, 'a peer seen only from its callers is slow: its callers could be at fault as well'),
  silentErrors: logOdds(4.5, 'a peer seen only from its callers fails'),
  step: logOdds(
    4,
    'a step of an operation comes or goes: shares do not move with load, yet branches in the data move them',
  ),
  errorLine: logOdds(4, 'a line that speaks of failure became common'),
  lostCalls: logOdds(3.5, 'requests stopped arriving, by count: as a vanished step, seen from further away'),
  lastCall: logOdds(
    3.5,
    'the one call that is left of an operation that stops short: what it answered made its callers stop',
  ),
  cpu: logOdds(3.5, 'processor far from its own history: often an effect, so less than time and errors'),
  memory: logOdds(2.45, 'memory far from its own history: grows by itself as well'),
  disk: logOdds(2.1, 'disk far from its own history'),
  pool: logOdds(1.75, 'connections or threads: they fill up behind any slowness'),
  queue: logOdds(2.5, 'a queue grows behind any slowness of who reads it'),
  serviceLatency: logOdds(5, 'its own latency metric rose, and its callees do not account for it'),
  serviceErrors: logOdds(5, 'its own failures rose by metric, and its callees do not account for it'),
  meshLatency: logOdds(4, 'latency between two services as a mesh measures it: a summary of many calls'),
  backlog: logOdds(4, 'messages to it are no longer taken up'),
  callerSide: logOdds(5, 'calls fail on its own side: a name, a credential, a pool, or all that it calls at once'),
  unreachable: logOdds(4.5, 'calls to it fail with no server behind them'),
  causeAlert: logOdds(1.5, 'an alert that names a cause, not a symptom: restarted, down, full, expired'),
  restart: logOdds(3, 'its instances were restarted; in full after memory had climbed'),
  down: logOdds(4.2, 'telemetry stopped and its callers fail'),
  blind: logOdds(3, 'telemetry stopped, and nobody misses it'),
  sharedPlace: logOdds(6, 'instances of several services suffer together in one place, and only there'),
  traffic: logOdds(4, 'more requests than before at the entry'),
  change: logOdds(2, 'a change here shortly before the onset, while the service itself moved'),
  refutedTest: logOdds(1, 'against: the test that would refute what speaks for it most did so'),
  callersWell: logOdds(1, 'against: most of its callers are served as before'),
  asEver: logOdds(1, 'against: it answers as ever, whatever else it did'),
  late: logOdds(1, 'against: it moved after the harm had begun elsewhere'),
  offPath: logOdds(1, 'against: nothing that alerts calls it, directly or not'),
  alert: logOdds(0.3, 'an alert on the service: symptoms alert more than causes do'),
  nothing: atLeast(
    1,
    logOdds(2, 'the score of "none of these": below it a cause is not more likely than chance movement'),
  ),
  quietSymptom: atLeast(0.5, logOdds(1, 'what is added to "none of these" when the alerting services answer as ever')),
  explained: share(0.9, 'how much of what the services below explain is taken away from a caller'),
  repeated: share(
    0.2,
    'what a second finding of the same kind adds, of its own weight: it is not independent of the first',
  ),
} as const satisfies Record<string, TuningSpec>;

export type TuningName = keyof typeof tuningSpec;

/** Turns the softmax of scores into a probability: sigma(offset + slope * logit). */
export interface Calibration {
  readonly slope: number;
  readonly offset: number;
}

export interface Tuning {
  /** Names the data that it was fitted on. */
  readonly version: string;
  /** The family of faults left out when fitting, to judge on it; null in the released one. */
  readonly withoutFamily: string | null;
  readonly numbers: Readonly<Record<TuningName, number>>;
  readonly calibration: Calibration;
}

/** The numbers before any data was seen. */
export function untuned(): Tuning {
  const numbers = Object.fromEntries(Object.entries(tuningSpec).map(([name, { start }]) => [name, start]));
  return {
    version: 'untuned',
    withoutFamily: null,
    numbers: numbers as Record<TuningName, number>,
    calibration: { slope: 1, offset: 0 },
  };
}
