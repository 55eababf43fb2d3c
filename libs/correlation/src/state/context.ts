/** One step in the making: the state, the time, the effects so far and the records to save. */
import type { LedgerField, Signal } from '@faultline/model';
import type { CoreConfig } from './config.ts';
import { plan } from './deadlines.ts';
import type { Effect, PendingEffect } from './effect.ts';
import { recordValue } from './load.ts';
import { memberAdded, memberRemoved } from './members.ts';
import type { Ranker } from './ranker.ts';
import type { AlertState, IncidentState, ScopeState } from './state.ts';

export interface StepContext {
  readonly state: ScopeState;
  readonly config: CoreConfig;
  readonly ranker: Ranker;
  readonly atMs: number;
  readonly effects: PendingEffect[];
  /** Keys of the records to save. */
  readonly touched: Set<string>;
  /** Incidents whose content may have changed. True: publish with this step, without waiting for the flush interval. */
  readonly changed: Map<string, boolean>;
  /** Keys that a tick took out of the timers. They are planned again at the end of the step. */
  readonly due: Set<string>;
}

export function createStepContext(state: ScopeState, ranker: Ranker, atMs: number): StepContext {
  const { config } = state;
  return { state, config, ranker, atMs, effects: [], touched: new Set(), changed: new Map(), due: new Set() };
}

/** Marks records of the state as changed: their values at the end of the step are saved. */
export function touch(step: StepContext, ...keys: readonly string[]): void {
  for (const key of keys) step.touched.add(key);
}

/** Marks an incident's own record as changed. */
export function touchIncident(step: StepContext, incident: IncidentState): void {
  step.touched.add(`incident/${incident.id}`);
}

/** Marks an incident's content as changed; `now` publishes it with this step. */
export function markChanged(step: StepContext, incident: IncidentState, { now }: { readonly now: boolean }): void {
  if (!incident.dirty) incident.dirtySinceMs = step.atMs;
  incident.dirty = true;
  step.changed.set(incident.id, now || step.changed.get(incident.id) === true);
  step.touched.add(`incident/${incident.id}`);
}

/** What was touched, as saves in the order of keys. */
export function savesOf(step: StepContext): Effect[] {
  return [...step.touched].sort().map((key) => ({ kind: 'save', key, value: recordValue(step.state, key) }));
}

/** Plans the timers of everything that was touched or due, so that they fit the state as it is now. */
export function planTouched(step: StepContext): void {
  for (const key of step.touched) plan(step.state, key);
  for (const key of step.due) plan(step.state, key);
}

/** Asks the host for a tick. */
export function setTimer(step: StepContext, atMs: number): void {
  step.effects.push({ kind: 'timer', atMs });
}

/** Counts one record in the loss ledger. */
export function count(step: StepContext, source: string, signal: Signal, field: LedgerField): void {
  step.effects.push({ kind: 'count', source, signal, field, by: 1 });
}

/** Moves an alert from its incident to another one; null: to none. */
export function moveAlert(step: StepContext, alert: AlertState, incidentId: string | null): void {
  const { state } = step;
  if (alert.incidentId !== null) memberRemoved(state, alert.incidentId, alert);
  alert.incidentId = incidentId;
  if (incidentId !== null) memberAdded(state, incidentId, alert);
  touch(step, `alert/${alert.key}`);
}

/** Changes what the index of members knows of an alert; nothing else may. */
export function changeAlert(
  step: StepContext,
  alert: AlertState,
  change: Partial<Pick<AlertState, 'status' | 'severity' | 'startsAtMs' | 'endsAtMs'>>,
): void {
  const { incidentId } = alert;
  if (incidentId !== null) memberRemoved(step.state, incidentId, alert);
  Object.assign(alert, change);
  if (incidentId !== null) memberAdded(step.state, incidentId, alert);
  touch(step, `alert/${alert.key}`);
}

/** The values of a map in the order of their keys, for everything that shows in the output. */
export function sortedValues<Value>(map: ReadonlyMap<string, Value>): Value[] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);
}
