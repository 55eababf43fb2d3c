import type { CauseKind } from '@faultline/model';
import type { Weighed } from '../weigh/weigh.ts';

/** A service that may be the cause, with everything that was found about it, strongest first. */
export interface Candidate {
  readonly service: string;
  readonly instance: string;
  readonly kind: CauseKind;
  readonly logOdds: number;
  readonly probability: number;
  readonly findings: readonly Weighed[];
}

/** Before probabilities: best first, equal log-odds by name. A service without any evidence is no candidate. */
export interface Scored {
  readonly candidates: readonly Omit<Candidate, 'probability'>[];
  /** The score of "none of these". */
  readonly nothing: number;
}
