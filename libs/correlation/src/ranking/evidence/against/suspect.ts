/** A service under suspicion, and the shape of what speaks against it. */
import type { Context } from '../../compare/comparison.ts';
import type { Finding, Support } from '../../finding/finding.ts';

/** One service with what speaks for it, the strongest first. */
export interface Suspect {
  readonly context: Context;
  readonly service: string;
  readonly support: readonly Support[];
  /** Services that answer worse than before, whoever is to blame. */
  readonly disturbed: ReadonlySet<string>;
}

/** One kind of evidence against. Nothing where it cannot tell. */
export type CounterEvidence = (suspect: Suspect) => readonly Finding[];

/** The parts that all findings against have in common. */
export const against = { instance: '', causeKind: 'latency', explainable: 0, before: '', during: '' } as const;

/** What hits a service as a whole, and not only some of its calls, or stops it from telling. */
export function hitsInPart({ support }: Suspect): boolean {
  return support.some(({ kind }) => partial.has(kind));
}

const partial: ReadonlySet<string> = new Set(['blind', 'restarts', 'traffic', 'shared-place']);
