/** What one kind of evidence says about one service: the shape that every file in `evidence/` gives (ADR 0007). */
import type { CauseKind } from '@faultline/model';
import type { Context } from './context.ts';

export interface Finding {
  /** The kind of evidence, the name of its file. */
  readonly kind: string;
  /** The service that it speaks about. */
  readonly service: string;
  /** The instance that it points at, or empty. */
  readonly instance: string;
  /** The mechanism that it suggests. */
  readonly causeKind: CauseKind;
  /** `service:name`, `edge:a->b`, ... */
  readonly entity: string;
  /** Log-odds that the service is the cause; negative speaks against. */
  readonly weight: number;
  /** What of `weight` the services below may explain away: 0 for what can only be the service's own. */
  readonly explainable: number;
  /** One line for a tired reader, with its numbers. */
  readonly summary: string;
  readonly before: string;
  readonly during: string;
}

/** One kind of evidence: a pure function of the context. It finds nothing where its signal is missing. */
export type EvidenceKind = (context: Context) => readonly Finding[];
