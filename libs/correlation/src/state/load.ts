/** Loads the state from its changelog records, and turns it into records. */
import type { Scope, StateRecord } from '@faultline/model';
import { ChangeIndex } from './change-index.ts';
import { defaultCoreConfig, parseCoreConfig } from './config.ts';
import { planAll } from './deadlines.ts';
import { IncidentIndex } from './incident-index.ts';
import { addMember } from './members.ts';
import { Schedule } from './schedule.ts';
import type { IncidentState, ScopeState } from './state.ts';
import { subjectOf } from './subject.ts';
import { upgradeRecord } from './upgrade.ts';

/** The maps of the state, by the first part of their records' keys. */
const mapOfPrefix = {
  alert: 'alerts',
  heartbeat: 'heartbeats',
  incident: 'incidents',
  evidence: 'evidence',
  history: 'histories',
  question: 'queries',
  change: 'changes',
  graph: 'graphs',
  finding: 'findings',
  split: 'splits',
  command: 'commands',
  topology: 'topologies',
} as const;
type Prefix = keyof typeof mapOfPrefix;

/** The state of a new scope. */
export function createState(scope: Scope): ScopeState {
  return {
    scope,
    config: defaultCoreConfig,
    topologies: new Map(),
    environments: [],
    alerts: new Map(),
    heartbeats: new Map(),
    incidents: new Map(),
    evidence: new Map(),
    histories: new Map(),
    queries: new Map(),
    changes: new Map(),
    graphs: new Map(),
    findings: new Map(),
    findingsByKey: null,
    splits: new Map(),
    commands: new Map(),
    callGraphs: new Map(),
    changeIndex: new ChangeIndex(),
    joinedChanges: null,
    members: new Map(),
    index: new IncidentIndex(),
    timers: new Schedule(),
    expiry: new Schedule(),
  };
}

/** The state of a changelog: the last record of each key, in any order. Records of an unknown kind are skipped. */
export function loadState(scope: Scope, records: Iterable<StateRecord>): ScopeState {
  const state = createState(scope);
  for (const { key, value } of records) {
    if (key === 'config') state.config = parseCoreConfig(JSON.parse(value));
    else if (key === 'environments') state.environments = JSON.parse(value);
    else if (key === 'topology') state.topologies.set('', JSON.parse(value));
    else loadEntry(state, key, value);
  }
  indexState(state);
  return state;
}

/** Fills what is derived and not saved: members, index and timers. */
function indexState(state: ScopeState): void {
  for (const incident of incidentsByDetection(state)) {
    state.index.incidentAdded(incident);
    const anchor = state.alerts.get(incident.anchor);
    state.index.setFailureDomain(incident.id, anchor === undefined ? '' : subjectOf(anchor.entities).failureDomain);
  }
  for (const alert of state.alerts.values()) if (alert.incidentId !== null) addMember(state, alert.incidentId, alert);
  for (const [id, evidence] of state.evidence) state.index.evidenceChanged(id, undefined, evidence);
  for (const [id, { pin }] of state.histories) state.index.pinChanged(id, undefined, pin?.service);
  for (const change of state.changes.values()) state.changeIndex.set(change);
  planAll(state);
}

/** All incidents in the order in which they were detected. */
export function incidentsByDetection(state: ScopeState): IncidentState[] {
  return [...state.incidents.values()].sort((a, b) => a.detectedAtMs - b.detectedAtMs || (a.id < b.id ? -1 : 1));
}

function loadEntry(state: ScopeState, key: string, value: string): void {
  const cut = key.indexOf('/');
  const prefix = key.slice(0, cut);
  if (cut < 0 || !isPrefix(prefix)) return;
  const map: Map<string, unknown> = state[mapOfPrefix[prefix]];
  map.set(key.slice(cut + 1), upgradeRecord(prefix, JSON.parse(value)));
}

function isPrefix(prefix: string): prefix is Prefix {
  return Object.hasOwn(mapOfPrefix, prefix);
}

/** The JSON of one record of the state; null when there is none. */
export function recordValue(state: ScopeState, key: string): string | null {
  if (key === 'config') return JSON.stringify(state.config);
  if (key === 'environments') return JSON.stringify(state.environments);
  if (key === 'topology') return jsonOrNull(state.topologies.get(''));
  const cut = key.indexOf('/');
  const prefix = key.slice(0, cut);
  if (!isPrefix(prefix)) return null;
  const map: ReadonlyMap<string, unknown> = state[mapOfPrefix[prefix]];
  return jsonOrNull(map.get(key.slice(cut + 1)));
}

function jsonOrNull(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value);
}

/** The calls of an unknown environment have the key that older releases read. */
export function recordKey(prefix: Prefix, id: string): string {
  return prefix === 'topology' && id === '' ? prefix : `${prefix}/${id}`;
}

/** All records of the state, sorted by key: a checkpoint. */
export function snapshotState(state: ScopeState): readonly StateRecord[] {
  const keys = ['config', ...(state.environments.length === 0 ? [] : ['environments'])];
  for (const prefix of Object.keys(mapOfPrefix))
    if (isPrefix(prefix)) for (const id of state[mapOfPrefix[prefix]].keys()) keys.push(recordKey(prefix, id));
  return keys.sort().map((key) => ({ key, value: recordValue(state, key) ?? '' }));
}
