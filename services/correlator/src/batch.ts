/** One round of a partition: inputs go through the core of their scopes, and the effects into one commit. Queries wait for the commit. */
import type { Commit, LogRecord } from '@faultline/bus';
import { type Core, type CoreConfig, type Effect, snapshotState } from '@faultline/correlation';
import {
  correlationKey,
  correlationScope,
  type EvidenceQuery,
  foldEnvironment,
  type Input,
  parseScope,
  recordTypeHeader,
  recordTypes,
  type Scope,
  type Signal,
  scopeKey,
} from '@faultline/model';
import type { TraceHeaders } from '@faultline/runtime';
import { decodeInput } from './decode.ts';
import type { Refusal } from './failures.ts';
import { countTriage } from './metrics.ts';
import { forwardedHeader, Outgoing } from './outgoing.ts';
import { createScopeHost, type PartitionState, type ScopeHost } from './partition-state.ts';
import { rawIncident } from './raw-page.ts';
import { unfitReason } from './unfit.ts';

/** A source is part of the ledger's keys. */
const maxSourceChars = 200;

/** How the state's records of incidents begin. */
const incidentPrefix = 'incident/';

interface BatchOptions {
  readonly partitionState: PartitionState;
  readonly partition: number;
  /** The partition of a tenant, by its key. */
  readonly partitionOf: (correlationKey: string) => number;
  readonly core: Core;
  readonly coreConfig: CoreConfig;
  /** Owners and runbooks of a tenant's services. */
  readonly catalogueOf: (tenant: string) => CoreConfig['catalogue'];
  readonly maxRecordBytes: number;
  readonly nowMs: number;
  /** Of the round's span. */
  readonly trace: TraceHeaders;
}

/** A record that became a dead letter although it can be read. */
export interface RefusedRecord {
  readonly record: LogRecord;
  readonly reason: string;
}

export class Batch {
  readonly #options: BatchOptions;
  readonly #outgoing: Outgoing;
  readonly #queries: EvidenceQuery[] = [];
  readonly #refusals: RefusedRecord[] = [];

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

  get refusals(): readonly RefusedRecord[] {
    return this.#refusals;
  }

  /** Everything that the round has produced so far. */
  commit(): Commit {
    return this.#outgoing.commit();
  }

  /** Takes a record through the core of its tenant. */
  record(record: LogRecord): void {
    this.#outgoing.pass(record);
    if (this.#isCopy(record)) return;
    const decoded = decodeInput(record);
    if (!decoded.ok) {
      this.#deadLetter(record, 'CORRELATOR_UNREADABLE', decoded.reason);
      return;
    }
    const { scope, input } = decoded.value;
    const key = correlationKey(scope);
    const unfit = unfitReason(input, this.#options.maxRecordBytes);
    if (unfit !== null) this.#refuse(record, input, { code: 'CORRELATOR_INPUT_TOO_LARGE', reason: unfit });
    else if (this.#options.partitionOf(key) !== record.partition) this.#outgoing.forward(record, key);
    else this.input(this.scope(correlationScope(scope)), isOfOldRelease(record, key) ? folded(input) : input);
  }

  /**
   * Older releases wrote a copy of each change and graph that held for a whole tenant into every partition. The original is enough. A finding
   * is no item either, since the ledger counts what sources send, but it is no copy.
   */
  #isCopy({ headers }: LogRecord): boolean {
    return headers['items'] === '0' && headers[recordTypeHeader] !== recordTypes.workloadFinding;
  }

  /** A record that cannot be taken becomes a dead letter, so that the rest goes on. A firing alert is paged uncorrelated. */
  deadLetter(record: LogRecord, refusal: Refusal): void {
    this.#outgoing.pass(record);
    const decoded = decodeInput(record);
    this.#refuse(record, decoded.ok ? decoded.value.input : null, refusal);
  }

  #refuse(record: LogRecord, input: Input | null, { code, reason }: Refusal): void {
    this.#deadLetter(record, code, reason);
    this.#refusals.push({ record, reason });
    if (input?.kind !== 'alert' || input.alert.status !== 'firing') return;
    const { nowMs, coreConfig } = this.#options;
    this.#outgoing.publish(rawIncident(input.alert, nowMs, coreConfig.maxRevisionBytes));
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

  /** Writes what was taken over from an older release, until it is committed. A checkpoint goes to the journal, as no entry leads there. */
  takeOver(): void {
    const { takenOver, scopes } = this.#options.partitionState;
    if (takenOver === null) return;
    const hosts = [...takenOver.tenants.keys()].flatMap((key) => scopes.get(key) ?? []);
    this.#outgoing.takeOver(takenOver, hosts);
    for (const host of hosts) {
      const atMs = Math.max(this.#options.nowMs, host.lastAtMs);
      this.#outgoing.journal(host, atMs, { kind: 'checkpoint', records: snapshotState(host.state) });
      host.lastAtMs = atMs;
    }
  }

  /** Takes one input of a scope: journal first, then the step, then its effects. */
  input(host: ScopeHost, input: Input): void {
    const { core, nowMs } = this.#options;
    const atMs = Math.max(nowMs, host.lastAtMs);
    if (core.wouldOpen(host.state, { atMs, input }))
      this.#outgoing.journal(host, atMs, { kind: 'checkpoint', records: snapshotState(host.state) });
    this.#outgoing.journal(host, atMs, input);
    if (input.kind === 'tick') host.nextTickMs = Number.POSITIVE_INFINITY;
    const { state, effects } = core.step(host.state, { atMs, input });
    host.state = state;
    host.lastAtMs = atMs;
    for (const effect of effects) this.#effect(host, effect);
  }

  /** The scope's host. A new one takes the settings. */
  scope(scope: Scope): ScopeHost {
    const { scopes } = this.#options.partitionState;
    const key = scopeKey(scope);
    const known = scopes.get(key);
    if (known !== undefined) return known;
    const host = createScopeHost(scope);
    scopes.set(key, host);
    this.configure(host);
    return host;
  }

  /** Sends the settings to the scope when they differ from those that it has. */
  configure(host: ScopeHost): void {
    const { coreConfig, catalogueOf } = this.#options;
    const config = { ...coreConfig, catalogue: catalogueOf(host.state.scope.tenant) };
    if (sortedJson(host.state.config) !== sortedJson(config)) this.input(host, { kind: 'config', config });
  }

  #effect(host: ScopeHost, effect: Effect): void {
    switch (effect.kind) {
      case 'save':
        this.#outgoing.save(host, effect.key, effect.value);
        break;
      case 'publish':
        countTriage(effect.incident);
        this.#outgoing.publish(effect.incident, host.homes.get(effect.incident.id));
        break;
      case 'tombstone':
        this.#outgoing.tombstone(effect.incidentId, host.homes.get(effect.incidentId));
        break;
      case 'member':
        this.#outgoing.member(effect.member);
        break;
      case 'count':
        this.#outgoing.count(effect);
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
    const source = (record.headers['source'] ?? '').slice(0, maxSourceChars);
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

/** Older releases used the environment as a key, and wrote its name as it was sent. */
function isOfOldRelease({ key, headers }: LogRecord, tenantKey: string): boolean {
  return key !== tenantKey || headers[forwardedHeader] !== undefined;
}

function folded(input: Input): Input {
  const inScope = <Value extends { readonly scope: Scope }>(value: Value): Value => {
    const { tenant, environment } = value.scope;
    return { ...value, scope: { tenant, environment: foldEnvironment(environment).environment } };
  };
  switch (input.kind) {
    case 'alert':
      return { ...input, alert: inScope(input.alert) };
    case 'change':
      return { ...input, change: inScope(input.change) };
    case 'graph':
      return { ...input, graph: inScope(input.graph) };
    case 'finding':
      return { ...input, finding: inScope(input.finding) };
    default:
      return input;
  }
}

function sortedJson(value: object): string {
  return JSON.stringify(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
