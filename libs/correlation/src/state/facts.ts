/**
 * Facts that the machine keeps of its decisions. They hold names, numbers and ids, never sentences: `publish/words` turns them into
 * text when an incident or a member is published. All of them are plain JSON, as they are saved with the state.
 */
import type { CauseKind, Refusal, RemediationKind, TriageLevel } from '@faultline/model';
import type { TraitKind } from './traits.ts';

/**
 * A path in the call graph along which one fault can reach both ends. Calls lead down from either end to the same service.
 * `orders -> db <- cart` is `{ services: ['orders', 'db', 'cart'], sharedCallee: 'db' }`.
 */
export interface CallPath {
  readonly services: readonly string[];
  readonly sharedCallee: string;
}

/** Why an alert joined an incident for more than nearness in time. Entities are `kind:name`. */
export type FirmReason =
  /** A rule of people keeps them together. */
  | { readonly kind: 'group-rule'; readonly rule: string }
  | { readonly kind: 'same-entity'; readonly entity: string }
  | { readonly kind: 'likely-cause'; readonly service: string }
  | { readonly kind: 'degraded-service'; readonly service: string }
  | { readonly kind: 'degraded-path'; readonly path: CallPath }
  | { readonly kind: 'same-node'; readonly node: string }
  /** The alert is about a zone or cluster in which members run. */
  | { readonly kind: 'about-failure-domain'; readonly entity: string }
  /** The alert runs in the zone or cluster that the incident is about. */
  | { readonly kind: 'in-failure-domain'; readonly entity: string }
  | { readonly kind: 'same-change'; readonly changeId: string; readonly summary: string };

/** Why an alert reopened a resolved incident. */
export type ReopenReason =
  | { readonly kind: 'fires-again' }
  | { readonly kind: 'recent-cause'; readonly service: string }
  | { readonly kind: 'recent-entity'; readonly entity: string };

/** Why an alert of which no telemetry tells is with others that began at the same time. */
export type TraitReason = { readonly kind: 'same-trait'; readonly trait: TraitKind; readonly value: string };

/** Why an alert joined for nearness in time alone. Evidence decides later whether it stays. */
export type StormReason =
  /** Given by 0.1.0 only. */
  | { readonly kind: 'storm-no-telemetry' }
  | { readonly kind: 'storm-awaiting-graph' }
  | { readonly kind: 'storm-awaiting-evidence'; readonly path: CallPath }
  /** Its own evidence names the cause of this incident first, but not firmly. */
  | { readonly kind: 'storm-suspects-cause'; readonly cause: string };

/** Why an alert that nothing connects has no incident of its own: this many opened within a minute. */
export type FloodReason = { readonly kind: 'flood'; readonly opened: number };

/** Why an alert is in its incident. */
export type MemberReason =
  | FirmReason
  | TraitReason
  | ReopenReason
  | StormReason
  | { readonly kind: 'opened' }
  | FloodReason
  /** Evidence found no path between the alert and these services, so it left their incident. */
  | { readonly kind: 'no-degraded-path'; readonly services: readonly string[] }
  /** Its workload has a fault of its own, and nothing connects that with the fault of the incident that it began with. */
  | { readonly kind: 'own-fault' }
  /** It began with another incident, and neither telemetry nor a label connects the two. */
  | { readonly kind: 'nothing-shared' }
  /** Its incident joined this one before its first page, for a reason that one of its alerts has. */
  | { readonly kind: 'joined-with'; readonly alertName: string; readonly reason: FirmReason }
  | { readonly kind: 'same-cause'; readonly cause: string }
  | { readonly kind: 'split-by'; readonly actor: string }
  | { readonly kind: 'merged-by'; readonly actor: string }
  /** Saved by a release that kept sentences. */
  | { readonly kind: 'text'; readonly text: string };

/** What ended an incident. */
export type Resolution =
  /** `text`: what the person says fixed it; may be empty. */
  | { readonly kind: 'by-person'; readonly actor: string; readonly text: string }
  | { readonly kind: 'recovered' }
  | { readonly kind: 'no-evidence' }
  | { readonly kind: 'still-degraded' }
  | { readonly kind: 'merged-same-cause'; readonly into: string; readonly cause: string }
  | { readonly kind: 'merged-by'; readonly into: string; readonly actor: string }
  | { readonly kind: 'text'; readonly text: string };

/** The first hypothesis of an identified ranking. */
export interface Blame {
  readonly service: string;
  readonly faultType: CauseKind;
  readonly probability: number;
  /** The summary of the finding with the largest weight; empty when nothing supports it. */
  readonly evidence: string;
}

/** One thing that happened to an incident. */
export type IncidentEvent =
  | { readonly kind: 'acknowledged'; readonly actor: string }
  | { readonly kind: 'resolved'; readonly resolution: Resolution }
  | { readonly kind: 'reopened'; readonly reason: MemberReason }
  | { readonly kind: 'reopened-by'; readonly actor: string }
  | { readonly kind: 'flapping'; readonly alertName: string }
  | { readonly kind: 'regrouped'; readonly alertName: string }
  /** Alerts went to the incident of an alert flood. */
  | { readonly kind: 'flooded'; readonly count: number; readonly into: string }
  | { readonly kind: 'members-added'; readonly count: number; readonly cause: string }
  | { readonly kind: 'merged-by'; readonly actor: string; readonly other: string }
  | { readonly kind: 'split-by'; readonly actor: string; readonly count: number; readonly into: string }
  | { readonly kind: 'split-from'; readonly actor: string; readonly from: string }
  | { readonly kind: 'pinned'; readonly actor: string; readonly service: string }
  | { readonly kind: 'cause-rejected'; readonly actor: string; readonly service: string }
  | { readonly kind: 'cause-restored'; readonly actor: string; readonly service: string }
  | { readonly kind: 'note'; readonly actor: string; readonly text: string }
  /** Somebody said what was done, and whether it helped. */
  | {
      readonly kind: 'remediation';
      readonly remediation: RemediationKind;
      readonly target: string;
      readonly worked: boolean;
      readonly actor: string;
    }
  /** The ranking identified a cause, another one, or none any longer. */
  | { readonly kind: 'blame-changed'; readonly before: Blame | null; readonly now: Blame | null }
  /** It grew, so it reaches people in another way than before. */
  | { readonly kind: 'promoted'; readonly before: TriageLevel; readonly now: TriageLevel }
  | { readonly kind: 'text'; readonly timelineKind: string; readonly text: string };

/** Why a command was refused. */
export type RefusalReason =
  | { readonly kind: 'unknown-incident' }
  | { readonly kind: 'stale-revision'; readonly revision: number; readonly expected: number }
  | { readonly kind: 'resolved'; readonly command: 'acknowledge' | 'resolve' | 'split' }
  | { readonly kind: 'not-resolved' }
  | { readonly kind: 'merged-away'; readonly into: string }
  | { readonly kind: 'no-such-alerts' }
  | { readonly kind: 'all-alerts' }
  | { readonly kind: 'no-such-cause'; readonly service: string }
  | { readonly kind: 'rejected-already'; readonly service: string; readonly actor: string }
  | { readonly kind: 'not-rejected'; readonly service: string }
  | { readonly kind: 'unknown-other'; readonly other: string }
  | { readonly kind: 'merge-with-itself' }
  | { readonly kind: 'not-both-open' }
  | { readonly kind: 'text'; readonly refusal: Refusal; readonly text: string };
