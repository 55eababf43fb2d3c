/** How a refuting test went, in words that a page prints as they are. */
import type { Hypothesis } from '@faultline/model';
import type { Context } from '../compare/comparison.ts';
import type { Support } from './finding.ts';

export type Refutation = Hypothesis['refutation'];

/** What a test is about: a finding, which is what would have to be wrong. */
export interface Suspicion {
  readonly context: Context;
  readonly lead: Support;
  /** Services that answer worse than before, whoever is to blame. */
  readonly disturbed: ReadonlySet<string>;
}

/** Asks the evidence at hand for what would speak against the lead. Always says how it went: nothing is left unsaid. */
export type RefutingTest = (suspicion: Suspicion) => Refutation;

/** The evidence says what it would not say if the hypothesis were wrong. */
export function survived(test: string, how: string): Refutation {
  return { test, result: `survived: ${how}` };
}

/** The evidence says what it would say if the hypothesis were wrong. */
export function refuted(test: string, how: string): Refutation {
  return { test, result: `refuted: ${how}` };
}

/** There is nothing to ask. */
export function notRun(test: string, why: string): Refutation {
  return { test, result: `could not be run: ${why}` };
}

/** `a, b and 3 more`. */
export function listed(names: readonly string[], most = 3): string {
  const shown = names.slice(0, most).join(', ');
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}
