/** The result of a refuting test. A test is a question; "no" supports the hypothesis, and "yes" refutes it. */

export interface Refutation {
  readonly outcome: 'survived' | 'refuted' | 'not-run';
  /** The question, for people. */
  readonly test: string;
  /** What the evidence shows, or why it could not be asked. For people. */
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
