/** One round of a lane: inputs through the core of their scopes, their effects gathered into one commit. Nothing leaves before the commit is safe. */
import type { Commit, LogRecord } from '@faultline/bus';
import { type Core, type CoreConfig, type Effect, snapshotState } from '@faultline/correlation';
import { type EvidenceQuery, type Input, parseScope, type Scope, type Signal, scopeKey } from '@faultline/model';
import type { TraceHeaders } from '@faultline/runtime';
import { decodeInput } from './decode.ts';
import { createScopeShell, type LaneState, type ScopeShell } from './lane-state.ts';
import { Outgoing } from './outgoing.ts';
import { rawIncident } from './raw-page.ts';

/** How a command names the incident that holds an alert. */
const alertPrefix = 'alert/';
/** How the state's records of incidents begin. */
const incidentPrefix = 'incident/';

export interface BatchOptions {
  readonly lane: LaneState;
  readonly partition: number;
  readonly core: Core;
  readonly coreConfig: CoreConfig;
  readonly maxRecordBytes: number;
  readonly nowMs: number;
  /** Of the round's span. */
  readonly trace: TraceHeaders;
}

export class Batch {
  readonly #options: BatchOptions;
  readonly #outgoing: Outgoing;
  readonly #questions: EvidenceQuery[] = [];
  /** A copy of a tenant-wide record that another lane counts. */
  #countsHere = true;

  constructor(options: BatchOptions) {
    this.#options = options;
    this.#outgoing = new Outgoing(options);
  }

  /** Whether there is nothing to commit. */
  get isEmpty(): boolean {
    return this.#outgoing.isEmpty;
  }

  /** Questions to ask once the commit is safe. */
  get questions(): readonly EvidenceQuery[] {
    return this.#questions;
  }

  /** All that the round has brought about so far. */
  commit(): Commit {
    return this.#outgoing.commit();
  }

  /** Takes a record of the lane: through the core of its scope, or of each scope of its tenant. */
  record(record: LogRecord): void {
    this.#outgoing.pass(record);
    const decoded = decodeInput(record);
    if (!decoded.ok) {
      this.#deadLetter(record, 'CORRELATOR_UNREADABLE', decoded.reason);
      return;
    }
    const { scope, input } = decoded.value;
    this.#countsHere = record.headers['items'] !== '0';
    const key = scope.environment === '' ? knownAlertKey(input) : null;
    if (key === null) for (const shell of this.#scopesFor(scope, input)) this.input(shell, input);
    else this.#tellWhoKnows(scope.tenant, key, input);
    this.#countsHere = true;
  }

  /** What was said of an alert by a sender who does not know where it is: for the scopes that do. Its own copy counts, this one does not. */
  #tellWhoKnows(tenant: string, key: string, input: Input): void {
    const knowing = [...this.#options.lane.scopes.values()].filter(
      ({ state }) => state.scope.tenant === tenant && state.alerts.has(key),
    );
    for (const shell of knowing.sort((a, b) => (a.key < b.key ? -1 : 1)))
      this.input(shell, inScope(input, shell.state.scope));
  }

  /** A record that stopped the lane twice is put aside, so that the rest goes on; an alert among them is paged raw. */
  putAside(record: LogRecord, reason: string): void {
    this.#outgoing.pass(record);
    this.#deadLetter(record, 'CORRELATOR_STEP_FAILED', reason);
    const decoded = decodeInput(record);
    if (decoded.ok && decoded.value.input.kind === 'alert' && decoded.value.input.alert.status === 'firing')
      this.#outgoing.publish(rawIncident(decoded.value.input.alert, this.#options.nowMs));
  }

  /**
   * Puts aside what could not be read of a scope's state. The journal is told what is left, as nothing in it leads there; an incident that is lost
   * is retired, so that it is news when its alerts open it again.
   */
  putAsideState(shell: ScopeShell): void {
    if (shell.unreadable.length === 0) return;
    for (const { key, value, reason } of shell.unreadable) {
      this.#outgoing.save(shell, key, null);
      this.#outgoing.letter({
        place: ['state', shell.key, key, value],
        tenant: shell.state.scope.tenant,
        source: 'correlator',
        signal: '',
        items: 1,
        code: 'CORRELATOR_STATE_UNREADABLE',
        reason: `${key}: ${reason}`,
        receivedAtMs: this.#options.nowMs,
        contentType: 'application/json',
        payload: Buffer.from(value, 'utf8'),
      });
      if (key.startsWith(incidentPrefix)) this.#outgoing.retire(key.slice(incidentPrefix.length));
    }
    const atMs = Math.max(this.#options.nowMs, shell.lastAtMs);
    this.#outgoing.journal(shell, atMs, { kind: 'checkpoint', records: snapshotState(shell.state) });
    shell.lastAtMs = atMs;
  }

  /** Takes one input of a scope: journal, step, effects. */
  input(shell: ScopeShell, input: Input): void {
    const { core, nowMs } = this.#options;
    const atMs = Math.max(nowMs, shell.lastAtMs);
    if (core.wouldOpen(shell.state, input))
      this.#outgoing.journal(shell, atMs, { kind: 'checkpoint', records: snapshotState(shell.state) });
    this.#outgoing.journal(shell, atMs, input);
    if (input.kind === 'tick') shell.wakeAtMs = Number.POSITIVE_INFINITY;
    const { state, effects } = core.step(shell.state, { atMs, input });
    shell.state = state;
    shell.lastAtMs = atMs;
    for (const effect of effects) this.#effect(shell, effect);
  }

  /** A change or declared graph without environment goes to every scope of its tenant, and waits for those to come. */
  #scopesFor(scope: Scope, input: Input): ScopeShell[] {
    const own = this.scope(scope);
    const isWide = scope.environment === '' && (input.kind === 'change' || input.kind === 'graph');
    if (!isWide) return [own];
    const others = [...this.#options.lane.scopes.values()].filter(
      (shell) => shell !== own && shell.state.scope.tenant === scope.tenant,
    );
    return [own, ...others.sort((a, b) => (a.key < b.key ? -1 : 1))];
  }

  /** The scope's shell. A new one is told the settings, and what holds for its whole tenant. */
  scope(scope: Scope): ScopeShell {
    const { lane } = this.#options;
    const key = scopeKey(scope);
    const known = lane.scopes.get(key);
    if (known !== undefined) return known;
    const shell = createScopeShell(scope);
    lane.scopes.set(key, shell);
    this.configure(shell);
    const wide = lane.scopes.get(scopeKey({ tenant: scope.tenant, environment: '' }))?.state;
    if (wide === undefined || scope.environment === '') return shell;
    for (const id of [...wide.changes.keys()].sort()) {
      const change = wide.changes.get(id);
      if (change !== undefined) this.input(shell, { kind: 'change', change });
    }
    for (const source of [...wide.graphs.keys()].sort()) {
      const graph = wide.graphs.get(source);
      if (graph !== undefined) this.input(shell, { kind: 'graph', graph });
    }
    return shell;
  }

  /** Tells the scope the settings, when they are not those it goes by. */
  configure(shell: ScopeShell): void {
    const { coreConfig } = this.#options;
    if (sortedJson(shell.state.config) !== sortedJson(coreConfig))
      this.input(shell, { kind: 'config', config: { ...coreConfig } });
  }

  #effect(shell: ScopeShell, effect: Effect): void {
    switch (effect.kind) {
      case 'save':
        this.#outgoing.save(shell, effect.key, effect.value);
        break;
      case 'publish':
        this.#outgoing.publish(effect.incident);
        break;
      case 'tombstone':
        this.#outgoing.retire(effect.incidentId);
        break;
      case 'member':
        this.#outgoing.member(effect.member);
        break;
      case 'count':
        if (this.#countsHere) this.#outgoing.count(effect);
        break;
      case 'query':
        this.#questions.push(effect.query);
        break;
      case 'timer':
        if (effect.atMs >= shell.wakeAtMs) break;
        shell.wakeAtMs = effect.atMs;
        shell.wokenBy = this.#options.trace;
    }
  }

  #deadLetter(record: LogRecord, code: string, reason: string): void {
    const signal: Signal | '' = record.topic === 'alerts' || record.topic === 'changes' ? record.topic : '';
    const source = record.headers['source'] ?? '';
    const items = Number(record.headers['items'] ?? '1');
    this.#outgoing.letter({
      place: [record.topic, String(record.partition), String(record.offset)],
      tenant: parseScope(record.key)?.tenant,
      source,
      signal,
      items: Math.max(1, items),
      code,
      reason,
      receivedAtMs: record.timestampMs,
      contentType: 'avro/binary',
      payload: Buffer.from(record.value ?? []),
    });
    if (signal !== '' && items > 0) this.#outgoing.count({ source, signal, field: 'deadLettered', by: items });
  }
}

/** The core's key of the alert that is ended, or acted upon; null for what needs no known alert. */
function knownAlertKey(input: Input): string | null {
  if (input.kind === 'alert')
    return input.alert.status === 'resolved' ? `${input.alert.source}/${input.alert.fingerprint}` : null;
  if (input.kind === 'command' && input.command.incidentId.startsWith(alertPrefix))
    return input.command.incidentId.slice(alertPrefix.length);
  return null;
}

function inScope(input: Input, scope: Scope): Input {
  if (input.kind === 'alert') return { ...input, alert: { ...input.alert, scope } };
  return input.kind === 'command' ? { ...input, command: { ...input.command, scope } } : input;
}

function sortedJson(value: object): string {
  return JSON.stringify(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
