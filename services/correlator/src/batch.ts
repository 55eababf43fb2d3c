/** One round of a partition: inputs go through the core of their scopes, and the effects into one commit. Queries wait for the commit. */
import type { Commit, LogRecord } from '@faultline/bus';
import { type Core, type CoreConfig, type Effect, snapshotState } from '@faultline/correlation';
import { type EvidenceQuery, type Input, parseScope, type Scope, type Signal, scopeKey } from '@faultline/model';
import type { TraceHeaders } from '@faultline/runtime';
import { decodeInput } from './decode.ts';
import { Outgoing } from './outgoing.ts';
import { createScopeHost, type PartitionState, type ScopeHost } from './partition-state.ts';
import { rawIncident } from './raw-page.ts';

/** How a command names the incident that holds an alert. */
const alertPrefix = 'alert/';
/** How the state's records of incidents begin. */
const incidentPrefix = 'incident/';

interface BatchOptions {
  readonly partitionState: PartitionState;
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
  readonly #queries: EvidenceQuery[] = [];
  /** False for a copy of a tenant-wide record: another partition counts it. */
  #countsHere = true;

  constructor(options: BatchOptions) {
    this.#options = options;
    this.#outgoing = new Outgoing(options);
  }

  /** Whether there is nothing to commit. */
  get isEmpty(): boolean {
    return this.#outgoing.isEmpty;
  }

  /** Queries to start once the commit is durable. */
  get queries(): readonly EvidenceQuery[] {
    return this.#queries;
  }

  /** Everything that the round has produced so far. */
  commit(): Commit {
    return this.#outgoing.commit();
  }

  /** Takes a record through the core of its scope, or of each scope of its tenant. */
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
    if (key === null) for (const host of this.#scopesFor(scope, input)) this.input(host, input);
    else this.#sendToKnowing(scope.tenant, key, input);
    this.#countsHere = true;
  }

  /** A sender may not know the environment of its alert: the record goes to the scopes that know the alert. The original is counted, not the copies. */
  #sendToKnowing(tenant: string, key: string, input: Input): void {
    const knowing = [...this.#options.partitionState.scopes.values()].filter(
      ({ state }) => state.scope.tenant === tenant && state.alerts.has(key),
    );
    for (const host of knowing.sort((a, b) => (a.key < b.key ? -1 : 1)))
      this.input(host, inScope(input, host.state.scope));
  }

  /** A record that failed twice becomes a dead letter, so that the rest goes on. A firing alert is paged uncorrelated. */
  deadLetter(record: LogRecord, reason: string): void {
    this.#outgoing.pass(record);
    this.#deadLetter(record, 'CORRELATOR_STEP_FAILED', reason);
    const decoded = decodeInput(record);
    if (decoded.ok && decoded.value.input.kind === 'alert' && decoded.value.input.alert.status === 'firing')
      this.#outgoing.publish(rawIncident(decoded.value.input.alert, this.#options.nowMs));
  }

  /**
   * Turns unreadable records of a scope's state into dead letters. A checkpoint of the rest goes to the journal, as no entry leads there. A
   * lost incident gets a tombstone, so that its alerts page anew when they open it again.
   */
  deadLetterUnreadable(host: ScopeHost): void {
    if (host.unreadable.length === 0) return;
    for (const { key, value, reason } of host.unreadable) {
      this.#outgoing.save(host, key, null);
      this.#outgoing.deadLetter({
        place: ['state', host.key, key, value],
        tenant: host.state.scope.tenant,
        source: 'correlator',
        signal: '',
        items: 1,
        code: 'CORRELATOR_STATE_UNREADABLE',
        reason: `${key}: ${reason}`,
        receivedAtMs: this.#options.nowMs,
        contentType: 'application/json',
        payload: Buffer.from(value, 'utf8'),
      });
      if (key.startsWith(incidentPrefix)) this.#outgoing.tombstone(key.slice(incidentPrefix.length));
    }
    const atMs = Math.max(this.#options.nowMs, host.lastAtMs);
    this.#outgoing.journal(host, atMs, { kind: 'checkpoint', records: snapshotState(host.state) });
    host.lastAtMs = atMs;
  }

  /** Takes one input of a scope: journal first, then the step, then its effects. */
  input(host: ScopeHost, input: Input): void {
    const { core, nowMs } = this.#options;
    const atMs = Math.max(nowMs, host.lastAtMs);
    if (core.wouldOpen(host.state, input))
      this.#outgoing.journal(host, atMs, { kind: 'checkpoint', records: snapshotState(host.state) });
    this.#outgoing.journal(host, atMs, input);
    if (input.kind === 'tick') host.nextTickMs = Number.POSITIVE_INFINITY;
    const { state, effects } = core.step(host.state, { atMs, input });
    host.state = state;
    host.lastAtMs = atMs;
    for (const effect of effects) this.#effect(host, effect);
  }

  /** A change or declared graph without environment goes to every scope of its tenant, and later to new ones. */
  #scopesFor(scope: Scope, input: Input): ScopeHost[] {
    const own = this.scope(scope);
    const isWide = scope.environment === '' && (input.kind === 'change' || input.kind === 'graph');
    if (!isWide) return [own];
    const others = [...this.#options.partitionState.scopes.values()].filter(
      (host) => host !== own && host.state.scope.tenant === scope.tenant,
    );
    return [own, ...others.sort((a, b) => (a.key < b.key ? -1 : 1))];
  }

  /** The scope's host. A new one takes the settings, and what holds for its whole tenant. */
  scope(scope: Scope): ScopeHost {
    const { scopes } = this.#options.partitionState;
    const key = scopeKey(scope);
    const known = scopes.get(key);
    if (known !== undefined) return known;
    const host = createScopeHost(scope);
    scopes.set(key, host);
    this.configure(host);
    const wide = scopes.get(scopeKey({ tenant: scope.tenant, environment: '' }))?.state;
    if (wide === undefined || scope.environment === '') return host;
    for (const id of [...wide.changes.keys()].sort()) {
      const change = wide.changes.get(id);
      if (change !== undefined) this.input(host, { kind: 'change', change });
    }
    for (const source of [...wide.graphs.keys()].sort()) {
      const graph = wide.graphs.get(source);
      if (graph !== undefined) this.input(host, { kind: 'graph', graph });
    }
    return host;
  }

  /** Sends the settings to the scope when they differ from those that it has. */
  configure(host: ScopeHost): void {
    const { coreConfig } = this.#options;
    if (sortedJson(host.state.config) !== sortedJson(coreConfig))
      this.input(host, { kind: 'config', config: { ...coreConfig } });
  }

  #effect(host: ScopeHost, effect: Effect): void {
    switch (effect.kind) {
      case 'save':
        this.#outgoing.save(host, effect.key, effect.value);
        break;
      case 'publish':
        this.#outgoing.publish(effect.incident);
        break;
      case 'tombstone':
        this.#outgoing.tombstone(effect.incidentId);
        break;
      case 'member':
        this.#outgoing.member(effect.member);
        break;
      case 'count':
        if (this.#countsHere) this.#outgoing.count(effect);
        break;
      case 'query':
        this.#queries.push(effect.query);
        break;
      case 'timer':
        if (effect.atMs >= host.nextTickMs) break;
        host.nextTickMs = effect.atMs;
        host.timerSetBy = this.#options.trace;
    }
  }

  #deadLetter(record: LogRecord, code: string, reason: string): void {
    const signal: Signal | '' = record.topic === 'alerts' || record.topic === 'changes' ? record.topic : '';
    const source = record.headers['source'] ?? '';
    const items = Number(record.headers['items'] ?? '1');
    this.#outgoing.deadLetter({
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

/** The core's key of the alert that a record resolves or a command acts on; null when no known alert is needed. */
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
