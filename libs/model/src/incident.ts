/** The incident as it stands on the `incidents` topic. Times are epoch milliseconds. */
import type { Severity } from './alert.ts';
import type { AlertKind } from './alert-kind.ts';
import type { Entities } from './entity.ts';
import type { EnvironmentReading } from './environment-reading.ts';
import type { MissingEvidence, TimeRange } from './evidence.ts';
import type { ObjectFault } from './object-fault.ts';
import type { ChangeReport, JudgedCommit } from './release.ts';
import type { PastRemediation, Remediation } from './remediation.ts';
import type { Scope } from './scope.ts';
import type { TraitClass } from './trait.ts';
import type { Triage } from './triage.ts';

export const causeKinds = [
  'cpu',
  'memory',
  'disk',
  'network',
  'dns',
  'error',
  'latency',
  'down',
  'pool',
  'queue',
  'dependency',
  'code',
  'config',
  'credential',
  'traffic',
  'node',
  'zone',
  'blind',
] as const;
/** The fault type of a cause. What triggered it is a change, never a kind. */
export type CauseKind = (typeof causeKinds)[number];

export interface IncidentAlert {
  readonly fingerprint: string;
  readonly name: string;
  readonly status: 'firing' | 'resolved' | 'expired';
  readonly severity: Severity;
  readonly startsAtMs: number;
  readonly endsAtMs: number | null;
  readonly labels: Readonly<Record<string, string>>;
  /** The id of the most specific entity, `kind:name`. */
  readonly entity: string;
  /** Why it is in this incident, in words. */
  readonly reason: string;
  readonly source: string;
  readonly url: string;
  /** Which one it names; empty when it names none. */
  readonly environment: string;
  /** `fault` in what releases up to 0.1.0 wrote. */
  readonly kind: AlertKind;
}

/** Kinds of rows that can show a finding: calls served, calls between services, child calls, log lines, metrics, presence, ... */
export type EvidenceView =
  | 'operations'
  | 'edges'
  | 'children'
  | 'lines'
  | 'series'
  | 'presence'
  | 'place'
  | 'alerts'
  | 'changes';

/** Which rows show a finding: enough for a store to build a query, and nothing about a store's language. An empty field does not restrict. */
export interface EvidenceSource {
  readonly view: EvidenceView;
  /** The service itself; for `edges` the caller, for `place` the node or zone. */
  readonly service: string;
  readonly instance: string;
  readonly operation: string;
  /** The service that is called. */
  readonly peer: string;
  readonly metric: string;
  /** The log line's template, the child call's operation, the series' own attributes, or the change's id. */
  readonly text: string;
  /** The baseline and the incident window. */
  readonly before: TimeRange;
  readonly during: TimeRange;
}

export interface Evidence {
  readonly kind: string;
  readonly entity: string;
  /** One line with its numbers. */
  readonly summary: string;
  readonly before: string;
  readonly during: string;
  /** Log-odds that it adds; negative speaks against the cause. */
  readonly weight: number;
  /** The query that shows it. Built from `source` by whoever shows the incident, as only a store knows its language. Empty until then. */
  readonly query: string;
  /** Null when no rows show it, as for a pinned cause. */
  readonly source: EvidenceSource | null;
}

export interface Hypothesis {
  readonly rank: number;
  /** 0 to 1. */
  readonly probability: number;
  readonly sinceMs: number | null;
  readonly cause: { readonly service: string; readonly instance: string; readonly kind: CauseKind };
  /** The id of the change that triggered it, if one is blamed. */
  readonly changeId: string | null;
  /** The fault of an object of a cluster that is behind it. Null or absent: no cluster reports one. */
  readonly fault?: ObjectFault | null;
  /** Services from cause to symptom. */
  readonly path: readonly string[];
  readonly evidence: readonly Evidence[];
  readonly refutation: { readonly test: string; readonly result: string };
}

export type NodeRole = 'cause' | 'affected' | 'symptom' | 'healthy' | 'blind';
export type EdgeSource = 'trace' | 'client-span' | 'declared' | 'mesh';

export interface IncidentGraph {
  readonly nodes: readonly { readonly id: string; readonly service: string; readonly role: NodeRole }[];
  readonly edges: readonly {
    readonly from: string;
    readonly to: string;
    readonly calls: number;
    readonly errorRatio: number;
    readonly p95Ms: number;
    readonly source: EdgeSource;
    readonly lastSeenMs: number;
  }[];
}

export interface JudgedChange {
  readonly id: string;
  readonly kind: string;
  readonly entity: string;
  readonly startedAtMs: number;
  readonly actor: string;
  readonly summary: string;
  readonly url: string;
  readonly verdict: 'suspect' | 'possible' | 'innocent';
  readonly reason: string;
  /** What each tool reported, by time. Empty or absent: one tool reported it. */
  readonly reports?: readonly ChangeReport[];
  /** Commits that it delivers: first those that touch what fails, then the newest. At most `maxJudgedCommits`. */
  readonly commits?: readonly JudgedCommit[];
  /** All commits that it delivers. */
  readonly commitCount?: number;
}

export const maxJudgedCommits = 10;

export interface TimelineEntry {
  readonly atMs: number;
  /** `alert`, `change`, `onset`, `revision`, `command`, `status`, `note`. */
  readonly kind: string;
  readonly text: string;
}

/** Evidence could not be read, or not all of it. It is read again soon. */
export interface EvidenceRetry {
  /** Since when. */
  readonly sinceMs: number;
  /** It is read again within this time after the revision. */
  readonly withinMs: number;
}

/** Other incidents are counted up to this number: there may be more. */
export const maxConcurrent = 20;

/** Other open incidents that began in the same minutes. Nothing known connects them with this one. */
export interface ConcurrentIncidents {
  /** At most `maxConcurrent`. */
  readonly count: number;
  /** The first few, by detection. */
  readonly incidentIds: readonly string[];
}

export interface Incident {
  readonly id: string;
  readonly revision: number;
  readonly status: 'open' | 'acknowledged' | 'resolved';
  readonly scope: Scope;
  readonly title: string;
  readonly severity: Severity;
  /** Earliest start of a member by event time; when Faultline opened it; last revision. */
  readonly startedAtMs: number;
  readonly detectedAtMs: number;
  readonly updatedAtMs: number;
  readonly resolvedAtMs: number | null;
  /** What ended it, in the words of the person or the rule that resolved it. Null until it is resolved. */
  readonly resolution: string | null;
  readonly verdict: 'identified' | 'inconclusive';
  /** `pending` until the first evidence is in, `provisional` while traces still settle, then `settled`. */
  readonly evidenceState: 'pending' | 'provisional' | 'settled';
  readonly alertCount: number;
  readonly firingCount: number;
  /** The first 100 members, by time; all of them are in the `incident_alerts` table. */
  readonly alerts: readonly IncidentAlert[];
  readonly hypotheses: readonly Hypothesis[];
  readonly graph: IncidentGraph;
  readonly changes: readonly JudgedChange[];
  readonly similar: readonly SimilarIncident[];
  readonly owners: readonly { readonly team: string; readonly contact: string; readonly why: string }[];
  readonly runbooks: readonly { readonly title: string; readonly url: string }[];
  readonly timeline: readonly TimelineEntry[];
  /** What could not be judged, in words. */
  readonly missingEvidence: readonly string[];
  /** The same as facts. Empty in what releases up to 0.1.0 wrote. */
  readonly missing: readonly MissingEvidence[];
  /** The environments that it is known to be in, sorted: named by its alerts, or found. Empty when none is known. */
  readonly environments: readonly string[];
  /** Which environments the evidence was read from, and why. Null without evidence, and in what older releases wrote. */
  readonly environmentReading: Required<Omit<EnvironmentReading, 'known'>> | null;
  /** Null while evidence is read in full, or none is wanted. */
  readonly evidenceRetry: EvidenceRetry | null;
  readonly concurrent: ConcurrentIncidents;
  /** Page, ticket or log entry, and why. The level never falls. Null in what releases up to 0.1.0 wrote: they paged everything. */
  readonly triage: Triage | null;
  /** Causes that people refused, oldest first. */
  readonly rejectedCauses: readonly RejectedCause[];
  /** When each stage was reached. Null or left out in what older releases wrote. */
  readonly stages?: IncidentStages | null;
  /** What was done about it, oldest first. Left out in what older releases wrote. */
  readonly remediations?: readonly Remediation[];
  /** Ids of commands that took part in this revision, so that a waiting caller sees its command done; and why one was refused. */
  readonly commands: readonly CommandResult[];
}

/** A past incident that shares typed facts with this one. */
export interface SimilarIncident {
  readonly incidentId: string;
  /** 0 to 1. */
  readonly similarity: number;
  /** Service and kind of fault. Empty: its cause was not identified. */
  readonly cause: string;
  readonly resolution: string;
  readonly minutesToRecovery: number;
  /** When it was resolved. Null or left out in what older releases wrote, as are the fields below. */
  readonly resolvedAtMs?: number | null;
  /** The classes of traits that both share. */
  readonly shared?: readonly TraitClass[];
  /** What was done about it: what worked first. */
  readonly remediations?: readonly PastRemediation[];
}

/** When each stage of an incident was reached, ms since 1970. Null: not reached, or nothing tells of it. */
export interface IncidentStages {
  /** Since when signals of the cause differ; the start of the first alert where no cause is known. */
  readonly onsetMs: number;
  readonly detectedMs: number;
  readonly pagedMs: number | null;
  readonly acknowledgedMs: number | null;
  /** Since when the cause has been named without a break. */
  readonly causeNamedMs: number | null;
  /** The first change of the cause between detection and recovery, or the person's word for what they did. */
  readonly actionMs: number | null;
  readonly action: string;
  /** The end of the last alert of a resolved incident. */
  readonly recoveredMs: number | null;
  /** When it was opened again the last time. Null or absent: never. */
  readonly reopenedMs?: number | null;
}

/** Somebody said that this service is not the cause. */
export interface RejectedCause {
  readonly service: string;
  readonly actor: string;
  readonly atMs: number;
}

/** The team of a service without a known owner. `why` then says what to do. */
export const unowned = 'unowned';

/** Why a command was refused, as a code that a caller can act on. */
export const refusals = ['not-found', 'stale-revision', 'wrong-state', 'bad-argument'] as const;
export type Refusal = (typeof refusals)[number];

/** How a command ended. */
export interface CommandResult {
  readonly id: string;
  readonly result: 'done' | 'refused';
  /** Null when it was done. */
  readonly refusal: Refusal | null;
  /** The refusal in words; empty when it was done. */
  readonly reason: string;
}

/** One member of one incident, published on `incident-alerts` when it joins, changes or leaves. */
export interface IncidentMember {
  readonly scope: Scope;
  readonly incidentId: string;
  readonly revision: number;
  readonly alert: IncidentAlert;
  readonly entities: Entities;
  /** `left`: split off, merged or regrouped into another incident. */
  readonly membership: 'present' | 'left';
}
