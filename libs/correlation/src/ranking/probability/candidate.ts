import type { CauseKind } from '@faultline/model';
import type { Weighed } from '../finding/finding.ts';

/** A service that may be the cause, with all that was found about it, strongest first. */
export interface Candidate {
  readonly service: string;
  readonly instance: string;
  readonly kind: CauseKind;
  readonly logOdds: number;
  readonly probability: number;
  readonly findings: readonly Weighed[];
}
