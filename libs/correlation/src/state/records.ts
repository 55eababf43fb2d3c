/** The records of the state. Each is one record of its changelog, as plain JSON; field names are persisted. */
import type {
  Alert,
  Entities,
  EnvironmentReading,
  Incident,
  MissingEvidence,
  PastIncidentRow,
  RejectedCause,
  RemediationKind,
  Severity,
  TriageFacts,
} from '@faultline/model';
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
  /** Which one it names; empty when it names none. */
  environment: string;
  readonly url: string;
  severity: Severity;
  status: 'firing' | 'resolved' | 'expired';
  startsAtMs: number;
  endsAtMs: number | null;
  /** When its last firing record came. Expiry counts from here. */
  lastReceivedMs: number;
  expiresAfterMs: number | null;
  /** Null: in no incident. An end without its firing, or an alert that goes on firing long after somebody resolved its incident. */
  incidentId: string | null;
  /** Null while it is in no incident. */
  reason: MemberReason | null;
  /** Joined for nearness in time alone. Judged again when evidence is in. */
  provisional: boolean;
  /** How often it fired again after it was over, within one incident. */
  flaps: number;
  /** A repetition had the same start. Some sources stamp each repetition with the time at which they sent it. */
  repeatsStart: boolean;
  /** What rules about grouping say of it, see `group-keys.ts`. They are those of its last placement. Absent: no rule matched. */
  groupKeys?: readonly string[];
  /** How many incidents that it opened, or was in, were forgotten before it was. Part of the id of the next one. */
  outlived: number;
}

/** A heartbeat that is watched. Its key is that of its alert. */
export interface HeartbeatState {
  readonly key: string;
  /** Its last beat, without the raw item. */
  readonly alert: Alert;
  readonly lastReceivedMs: number;
  /** The longest time between two beats so far; 0 before the second one. */
  readonly longestGapMs: number;
  readonly isAbsent: boolean;
}

/** The life of one incident. Small, as it is saved with every alert: members, ranking and history are records of their own. */
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
  /** As last published. A merged incident has no members to read it from. */
  severity: Severity;
  /** How many evidence results it has taken, those that could not be read included. */
  rounds: number;
  /** How many of them could not be read. */
  unreadRounds: number;
  /** Null after a result that was read in full. */
  retry: EvidenceRetryState | null;
  /** The revision schedule counts from here: the opening, or the reopening. */
  scheduleFromMs: number;
  /** When evidence is read next; null while a query is open, or when only news changes that. */
  nextAskMs: number | null;
  /** The open evidence query. */
  questionId: string | null;
  /** When the first page goes out without evidence. */
  holdUntilMs: number;
  evidenceState: Incident['evidenceState'];
  /** Provisional members were judged by evidence. */
  regrouped: boolean;
  /** Split from another incident by a person or by evidence. It does not go back by itself. */
  readonly detached: boolean;
  /** It holds what nothing connects when too many incidents open at once. It names no cause, and no evidence is read for it. */
  readonly isFlood?: true;
  /** Since when no member is firing. */
  quietSinceMs: number | null;
  resolvedAtMs: number | null;
  mergedInto: string | null;
  /** Ids of others that had their first page in the same minutes. */
  concurrent: readonly string[];
  /** Page, ticket or log entry, and why. Null before the first revision. */
  triage: TriageFacts | null;
  /** A rule that holds its page back, and the end of its window. Null: none, or the incident is paged. */
  heldBack: { readonly rule: string; readonly untilMs: number | null } | null;
}

/** Evidence could not be read, or not all of it, this many times in a row. */
export interface EvidenceRetryState {
  /** When the first of these queries was made. */
  readonly sinceMs: number;
  readonly tries: number;
}

/** What the last evidence shows of an incident. */
export interface IncidentEvidence {
  readonly ranking: Ranking;
  readonly past: readonly PastIncidentRow[];
  /** Degraded services that are connected with the members. */
  readonly related: readonly string[];
  readonly missing: readonly MissingEvidence[];
  /** Whether the store could be read at all. */
  readonly reachable: boolean;
  /** The time up to which everything that had arrived was recorded: the earliest of all signals. Absent where results did not say. */
  readonly recordedUntilMs?: number;
  /** Which environments were read, and why. Absent in what older releases saved. */
  readonly environment?: EnvironmentReading;
  /** The likely cause is no part of one environment: a node, a zone, or a callee that sends no telemetry. */
  readonly hasSharedCause?: boolean;
}

/** What was done to an incident. */
export interface IncidentHistory {
  readonly timeline: readonly HistoryEntry[];
  readonly commands: readonly CommandOutcome[];
  readonly pin: { readonly service: string; readonly causeKind: string; readonly actor: string } | null;
  /** Null while it is open. */
  readonly resolution: Resolution | null;
  /** Causes that people refused, oldest first, each service once. */
  readonly rejections: readonly Rejection[];
  /** What was done about it, oldest first. Absent in what older releases saved. */
  readonly remediations?: readonly RecordedRemediation[];
}

/** As a person recorded it. When it was done is decided when the incident is published. */
export interface RecordedRemediation {
  readonly remediation: RemediationKind;
  readonly target: string;
  readonly worked: boolean;
  readonly actor: string;
  readonly atMs: number;
}

/** Somebody said that this service is not the cause. */
export type Rejection = RejectedCause;

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

/** Calls in the last evidence: the known graph when the next storm begins. */
export interface Topology {
  readonly edges: readonly (readonly [from: string, to: string])[];
}
