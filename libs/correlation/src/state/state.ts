/**
 * Everything that the core knows of one scope. It has one owner, and `step` changes it in place. Every part is a record of the changelog.
 * Nothing relies on the order of maps: code whose output shows an order sorts by key.
 */
import type { Change, DeclaredGraph, EvidenceQuery, Scope, WorkloadFinding } from '@faultline/model';
import type { JoinedChange } from '../release/join.ts';
import type { ChangeIndex } from './change-index.ts';
import type { CoreConfig } from './config.ts';
import type { IncidentIndex } from './incident-index.ts';
import type { Members } from './members.ts';
import type {
  AlertState,
  CommandMemory,
  HeartbeatState,
  IncidentEvidence,
  IncidentHistory,
  IncidentState,
  SplitMemory,
  Topology,
} from './records.ts';
import type { Schedule } from './schedule.ts';

export type * from './facts.ts';
export type * from './records.ts';

/** Caller -> callees, sorted; and the reverse. */
export interface CallGraph {
  readonly callees: ReadonlyMap<string, readonly string[]>;
  readonly callers: ReadonlyMap<string, readonly string[]>;
  readonly services: ReadonlySet<string>;
  /** A cache: the services that a fault may connect with a service, over any others. */
  readonly near: Map<string, ReadonlySet<string>>;
}

export interface ScopeState {
  readonly scope: Scope;
  config: CoreConfig;
  /** Calls in the last evidence, by the environments that were read: sorted, joined by commas. Empty: not known which. */
  readonly topologies: Map<string, Topology>;
  /** Environments of the tenant that send telemetry, as the last evidence showed. Sorted; empty before the first. */
  environments: readonly string[];
  readonly alerts: Map<string, AlertState>;
  readonly heartbeats: Map<string, HeartbeatState>;
  readonly incidents: Map<string, IncidentState>;
  readonly evidence: Map<string, IncidentEvidence>;
  readonly histories: Map<string, IncidentHistory>;
  readonly queries: Map<string, EvidenceQuery>;
  readonly changes: Map<string, Change>;
  /** Derived, not saved: the changes by time, target and delivery. */
  readonly changeIndex: ChangeIndex;
  /** Derived, not saved: the changes, those of one rollout as one. Null after a change came or went, and when there are many. */
  joinedChanges: readonly JoinedChange[] | null;
  readonly graphs: Map<string, DeclaredGraph>;
  /** Faults of workloads that a cluster reports: those that are there, and those that ended within `changeMemoryMs`. */
  readonly findings: Map<string, WorkloadFinding>;
  /** Derived, not saved: ids of findings by what an alert about them names. Null after a finding came or went. */
  findingsByKey: ReadonlyMap<string, readonly string[]> | null;
  readonly splits: Map<string, SplitMemory>;
  readonly commands: Map<string, CommandMemory>;
  /** Derived, not saved: call graphs by the environments that they cover. Emptied when a call or a declared edge changes. */
  readonly callGraphs: Map<string, CallGraph>;
  /** Derived, not saved: the members of each incident. */
  readonly members: Map<string, Members>;
  /** Derived, not saved: which incidents an alert may belong to. */
  readonly index: IncidentIndex;
  /** Derived, not saved: the next deadlines of alerts and incidents. */
  readonly timers: Schedule;
  /** Derived, not saved: when changes, findings, splits and command ids expire. */
  readonly expiry: Schedule;
}
