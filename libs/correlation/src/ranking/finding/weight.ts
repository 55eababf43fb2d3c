/** A number that `npm run fit` may adjust to labelled cases. A threshold of a test stands with the test instead. */

export interface WeightSpec {
  /** The prior: what one would say without any data. In force until a fit sets another value. */
  readonly start: number;
  /** How far a fit may move it. */
  readonly min: number;
  readonly max: number;
  readonly unit: 'log-odds' | 'share';
  readonly why: string;
}

/** The log-odds that a finding adds at full strength: 2.3 makes a cause ten times as likely. */
export function logOdds(start: number, why: string): WeightSpec {
  return { start, min: 0, max: 8, unit: 'log-odds', why };
}

export function share(start: number, why: string): WeightSpec {
  return { start, min: 0, max: 1, unit: 'share', why };
}
