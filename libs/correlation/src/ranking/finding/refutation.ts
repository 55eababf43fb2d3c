/** The result of a refuting test: what the evidence says that it would not say if the hypothesis were wrong, or the other way round. */

export interface Refutation {
  readonly outcome: 'survived' | 'refuted' | 'not-run';
  /** The test, for people. */
  readonly test: string;
  /** What the evidence showed, or why nothing could be asked. For people. */
  readonly how: string;
}

/** The evidence speaks for the hypothesis. */
export function survived(test: string, how: string): Refutation {
  return { outcome: 'survived', test, how };
}

/** The evidence speaks against the hypothesis. */
export function refuted(test: string, how: string): Refutation {
  return { outcome: 'refuted', test, how };
}

/** There is nothing to ask. */
export function notRun(test: string, how: string): Refutation {
  return { outcome: 'not-run', test, how };
}
