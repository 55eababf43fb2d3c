/**
 * All that the core knows of one scope. Owned by one caller and changed in place by `step`; every part is a record of the changelog.
 * Maps are never relied on for order: whoever iterates where order shows sorts by key.
 */
import type { Change, DeclaredGraph, EvidenceQuery, Scope } from '@faultline/model';
import type { CoreConfig } from './config.ts';
import type { IncidentIndex } from './incident-index.ts';
import type { Members } from './members.ts';
import type {
  AlertState,
  CommandMemory,
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
  /** Kept from one alert to the next: the services that a fault may connect with one, over whatever others. */
  readonly near: Map<string, ReadonlySet<string>>;
}

export interface ScopeState {
  readonly scope: Scope;
  config: CoreConfig;
  topology: Topology;
  readonly alerts: Map<string, AlertState>;
  readonly incidents: Map<string, IncidentState>;
  readonly evidence: Map<string, IncidentEvidence>;
  readonly histories: Map<string, IncidentHistory>;
  readonly queries: Map<string, EvidenceQuery>;
  readonly changes: Map<string, Change>;
  readonly graphs: Map<string, DeclaredGraph>;
  readonly splits: Map<string, SplitMemory>;
  readonly commands: Map<string, CommandMemory>;
  /** Derived, not saved: the call graph; null when it has to be made again. */
  graph: CallGraph | null;
  /** Derived, not saved: the members of each incident, how many fire, and the entities they speak of. */
  readonly members: Map<string, Members>;
  /** Derived, not saved: which incidents an alert may belong to. */
  readonly index: IncidentIndex;
  /** Derived, not saved: when alerts and incidents have to be looked at next, and when changes, splits and commands are forgotten. */
  readonly timers: Schedule;
  readonly expiry: Schedule;
}
