import type { RemediationKind } from './remediation.ts';
import type { Scope } from './scope.ts';

/** What a person or a pager asks of an incident. Each kind carries just what it needs. */
export type CommandAction =
  | { readonly kind: 'acknowledge' }
  | { readonly kind: 'resolve'; readonly resolution: string }
  | { readonly kind: 'reopen' }
  | { readonly kind: 'split'; readonly alertFingerprints: readonly string[] }
  | { readonly kind: 'merge'; readonly otherIncidentId: string }
  | { readonly kind: 'pin-cause'; readonly service: string; readonly causeKind: string }
  /** Not this cause. The next hypothesis ranks first, or the verdict is inconclusive. */
  | { readonly kind: 'reject-cause'; readonly service: string }
  /** Takes a rejection back. */
  | { readonly kind: 'restore-cause'; readonly service: string }
  | { readonly kind: 'note'; readonly text: string }
  /** What somebody did, and whether it helped. An empty target: what the evidence blames. */
  | {
      readonly kind: 'record-remediation';
      readonly remediation: RemediationKind;
      readonly target: string;
      readonly worked: boolean;
    };

export interface Command {
  /** The idempotency key: the same id twice is one command. */
  readonly id: string;
  readonly scope: Scope;
  readonly incidentId: string;
  /** The revision the sender saw; null when it does not care. */
  readonly expectedRevision: number | null;
  readonly actor: string;
  readonly atMs: number;
  readonly action: CommandAction;
}
