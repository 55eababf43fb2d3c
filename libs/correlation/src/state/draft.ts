/** One step in the making: the state, the time, the effects so far and the records that were touched. */
import type { LedgerField, Signal } from '@faultline/model';
import type { CoreConfig } from '../config.ts';
import type { Effect } from '../effect.ts';
import type { Ranker } from '../ranker.ts';
import { plan } from './due.ts';
import { recordValue } from './load.ts';
import { memberAdded, memberRemoved } from './members.ts';
import type { AlertState, IncidentState, ScopeState } from './state.ts';

export interface Draft {
  readonly state: ScopeState;
  readonly config: CoreConfig;
  readonly ranker: Ranker;
  readonly atMs: number;
  readonly effects: Effect[];
  readonly touched: Set<string>;
  /** Incidents whose content may have changed in this step; true: publish at once, without waiting for the flush interval. */
  readonly changed: Map<string, boolean>;
  /** Records of the state that were due and taken out of the schedules in this step: they are planned again at its end. */
  readonly due: Set<string>;
}

/** Marks records of the state as changed: their values at the end of the step are saved. */
export function touch(draft: Draft, ...keys: readonly string[]): void {
  for (const key of keys) draft.touched.add(key);
}

/** Marks an incident's content as changed; `now` publishes it with this step. */
export function markChanged(draft: Draft, incident: IncidentState, { now }: { readonly now: boolean }): void {
  if (!incident.dirty) incident.dirtySinceMs = draft.atMs;
  incident.dirty = true;
  draft.changed.set(incident.id, now || draft.changed.get(incident.id) === true);
  draft.touched.add(`incident/${incident.id}`);
}

/** Marks an incident's life as changed. */
export function touchIncident(draft: Draft, incident: IncidentState): void {
  draft.touched.add(`incident/${incident.id}`);
}

/** The step's effects: what was touched is saved first, in the order of keys. */
export function finishDraft(draft: Draft): readonly Effect[] {
  const saves = [...draft.touched]
    .sort()
    .map((key): Effect => ({ kind: 'save', key, value: recordValue(draft.state, key) }));
  return [...saves, ...draft.effects];
}

/** Plans again what was touched or due, so that the schedules hold for the state as it is now. */
export function planTouched(draft: Draft): void {
  for (const key of draft.touched) plan(draft.state, key);
  for (const key of draft.due) plan(draft.state, key);
}

/** Asks for a tick. */
export function wakeAt(draft: Draft, atMs: number): void {
  draft.effects.push({ kind: 'wake', atMs });
}

/** Counts one record in the loss ledger. */
export function count(draft: Draft, source: string, signal: Signal, field: LedgerField): void {
  draft.effects.push({ kind: 'count', source, signal, field, by: 1 });
}

/** Puts an alert into an incident, taking it out of the one it was in. */
export function moveAlert(draft: Draft, alert: AlertState, incidentId: string | null): void {
  const { state } = draft;
  if (alert.incidentId !== null) memberRemoved(state, alert.incidentId, alert);
  alert.incidentId = incidentId;
  if (incidentId !== null) memberAdded(state, incidentId, alert);
  touch(draft, `alert/${alert.key}`);
}

/** Changes what the index of members knows of an alert; nothing else may. */
export function changeAlert(
  draft: Draft,
  alert: AlertState,
  change: Partial<Pick<AlertState, 'status' | 'severity' | 'startsAtMs' | 'endsAtMs'>>,
): void {
  const { incidentId } = alert;
  if (incidentId !== null) memberRemoved(draft.state, incidentId, alert);
  Object.assign(alert, change);
  if (incidentId !== null) memberAdded(draft.state, incidentId, alert);
  touch(draft, `alert/${alert.key}`);
}

/** The entries of a map in the order of their keys: for whatever shows in the output. */
export function sortedValues<Value>(map: ReadonlyMap<string, Value>): Value[] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);
}
