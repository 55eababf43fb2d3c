/** A case as it is run, whether it was recorded or made up. All times are the case's own until `shiftMs` is added. */
import type { Truth } from './truth.ts';

/** What reports call made-up cases, all together. */
export const generatedSystem = 'generated';

export type Signal = 'traces' | 'logs' | 'metrics';

export interface EvaluationCase {
  readonly name: string;
  readonly system: string;
  /** Null where nobody says what happened. */
  readonly truth: Truth | null;
  /** What the play takes for now: nothing later is sent. */
  readonly untilMs: number;
  /** Declared edges, caller to callee. */
  readonly edges: readonly { readonly from: string; readonly to: string }[];
  /** Export requests by signal, each in the order in which to send it. */
  streams(shiftMs: number): readonly { readonly signal: Signal; readonly requests: AsyncIterable<object> }[];
  /** Change events as their sources send them, in the order of time. */
  changes(shiftMs: number): readonly { readonly path: string; readonly contentType: string; readonly body: object }[];
  /** Alertmanager webhook bodies, in the order of time. */
  alerts(shiftMs: number): readonly object[];
}
