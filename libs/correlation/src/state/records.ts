/** What the state consists of: each of these is one record of its changelog, plain JSON. */
import type { Entities, Incident, MissingEvidence, PastIncidentRow, Severity } from '@faultline/model';
import type { Ranking } from '../ranking/input/ranking.ts';
import type { IncidentEvent, MemberReason, RefusalReason, Resolution } from './facts.ts';

/** One alert over its life. Its key is `source/fingerprint`. */
export interface AlertState {
  readonly key: string;
  readonly source: string;
  readonly fingerprint: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly entities: Entities;
  readonly url: string;
  severity: Severity;
  status: 'firing' | 'resolved' | 'expired';
  startsAtMs: number;
  endsAtMs: number | null;
  /** When it was last heard of: expiry counts from here. */
  lastReceivedMs: number;
  expiresAfterMs: number | null;
  /** Null: known, but in no incident (a `resolved` without its firing). */
  incidentId: string | null;
  /** Null while it is in no incident. */
  reason: MemberReason | null;
  /** Joined before the evidence could tell: looked at again when it can. */
  provisional: boolean;
  /** How often it fired again after it was over, within one incident. */
  flaps: number;
}

/** The life of one incident, without members, ranking and history: small, as it is saved with every alert. */
export interface IncidentState {
  readonly id: string;
  status: Incident['status'];
  /** 0 until the first page. */
  revision: number;
  readonly detectedAtMs: number;
  /** Event-time span of its members' starts. */
  startedAtMs: number;
  lastStartMs: number;
  /** The alert that opened it. */
  anchor: string;
  lastPublishedMs: number;
  dirty: boolean;
  /** Since when it is dirty. */
  dirtySinceMs: number;
  /** Hash of the published content, without revision and time. */
  contentHash: string;
  /** As last published: what a merged-away incident, without members, goes on saying. */
  severity: Severity;
  /** Evidence: answers so far, the next round's time, the end of the hold. */
  rounds: number;
  /** The revision schedule counts from here: the opening, or the reopening. */
  scheduleFromMs: number;
  nextAskMs: number | null;
  questionId: string | null;
  holdUntilMs: number;
  evidenceState: Incident['evidenceState'];
  /** Provisional members have been looked at with evidence. */
  regrouped: boolean;
  /** Taken out of another incident by a person or by evidence: does not go back by itself. */
  readonly detached: boolean;
  /** Since when no member is firing. */
  quietSinceMs: number | null;
  resolvedAtMs: number | null;
  mergedInto: string | null;
}

/** What the last evidence said of an incident. */
export interface IncidentEvidence {
  readonly ranking: Ranking;
  readonly past: readonly PastIncidentRow[];
  /** Disturbed services that are connected with the members. */
  readonly related: readonly string[];
  readonly missing: readonly MissingEvidence[];
  /** Whether the windows could be read at all. */
  readonly reachable: boolean;
}

/** What was done to an incident. */
export interface IncidentHistory {
  readonly timeline: readonly HistoryEntry[];
  readonly commands: readonly CommandOutcome[];
  readonly pin: { readonly service: string; readonly causeKind: string; readonly actor: string } | null;
  /** Null while it is open. */
  readonly resolution: Resolution | null;
}

export interface HistoryEntry {
  readonly atMs: number;
  readonly event: IncidentEvent;
}

/** How a command ended. */
export interface CommandOutcome {
  readonly id: string;
  /** Null when it was done. */
  readonly refusal: RefusalReason | null;
}

/** Alerts on one side may not join incidents with members of the other side. */
export interface SplitMemory {
  readonly id: string;
  readonly atMs: number;
  readonly sides: readonly [SplitSide, SplitSide];
}

export interface SplitSide {
  readonly alerts: readonly string[];
  readonly entities: readonly string[];
}

export interface CommandMemory {
  readonly atMs: number;
  readonly incidentId: string;
  readonly result: 'done' | 'refused';
}

/** Calls seen in the last evidence of the scope: what is known of the graph when the next storm begins. */
export interface Topology {
  readonly edges: readonly (readonly [from: string, to: string])[];
}
