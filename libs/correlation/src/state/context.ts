/** One step in the making: the state, the time, the effects so far and the records to save. */
import type { LedgerField, Signal } from '@faultline/model';
import type { CoreConfig } from './config.ts';
import { plan } from './deadlines.ts';
import type { Effect, PendingEffect } from './effect.ts';
import { recordValue } from './load.ts';
import { addMember, removeMember } from './members.ts';
import type { Ranker } from './ranker.ts';
import type { AlertState, IncidentState, ScopeState } from './state.ts';

type CountedAlert = NonNullable<Extract<Effect, { kind: 'count' }>['alert']>;

export class StepContext {
  readonly state: ScopeState;
  /** The settings at the start of the step. */
  readonly config: CoreConfig;
  readonly ranker: Ranker;
  readonly atMs: number;
  readonly effects: PendingEffect[] = [];
  /** Incidents whose content may have changed. True: publish with this step, without waiting for the flush interval. */
  readonly changed = new Map<string, boolean>();
  readonly #touched = new Set<string>();
  /** Keys that a tick took out of the timers. They are planned again with what was touched. */
  readonly #due = new Set<string>();

  constructor(state: ScopeState, ranker: Ranker, atMs: number) {
    this.state = state;
    this.config = state.config;
    this.ranker = ranker;
    this.atMs = atMs;
  }

  /** Marks records of the state as changed: their values at the end of the step are saved. */
  touch(...keys: readonly string[]): void {
    for (const key of keys) this.#touched.add(key);
  }

  /** Marks an incident's own record as changed. */
  touchIncident(incident: IncidentState): void {
    this.#touched.add(`incident/${incident.id}`);
  }

  /** Marks an incident's content as changed; `now` publishes it with this step. */
  markChanged(incident: IncidentState, { now }: { readonly now: boolean }): void {
    if (!incident.dirty) incident.dirtySinceMs = this.atMs;
    incident.dirty = true;
    this.changed.set(incident.id, now || this.changed.get(incident.id) === true);
    this.touchIncident(incident);
  }

  /** Asks the host for a tick. */
  setTimer(atMs: number): void {
    this.effects.push({ kind: 'timer', atMs });
  }

  /** Counts one record in the loss ledger. */
  count(source: string, signal: Signal, field: LedgerField, alert?: CountedAlert): void {
    this.effects.push({ kind: 'count', source, signal, field, by: 1, ...(alert !== undefined && { alert }) });
  }

  /** Changes what the index of members knows of an alert; nothing else may. */
  changeAlert(
    alert: AlertState,
    change: Partial<Pick<AlertState, 'status' | 'severity' | 'startsAtMs' | 'endsAtMs' | 'environment'>>,
  ): void {
    const { incidentId } = alert;
    if (incidentId !== null) removeMember(this.state, incidentId, alert);
    Object.assign(alert, change);
    if (incidentId !== null) addMember(this.state, incidentId, alert);
    this.touch(`alert/${alert.key}`);
  }

  /** Takes the keys that are due out of the timers. Returns those with this prefix, without it, sorted. */
  takeDue(prefix: string): string[] {
    for (const key of this.state.timers.take(this.atMs)) this.#due.add(key);
    return [...this.#due]
      .filter((key) => key.startsWith(prefix))
      .map((key) => key.slice(prefix.length))
      .sort();
  }

  /** Plans the timers of everything that was touched or due, so that they fit the state as it is now. */
  planTimers(): void {
    for (const key of this.#touched) plan(this.state, key);
    for (const key of this.#due) plan(this.state, key);
  }

  /** What was touched, as saves in the order of keys. */
  saves(): Effect[] {
    return [...this.#touched].sort().map((key) => ({ kind: 'save', key, value: recordValue(this.state, key) }));
  }
}
