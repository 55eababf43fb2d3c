/** One round of a lane: inputs through the core, their effects gathered into one commit. Nothing leaves before the commit is safe. */
import { zstdCompressSync } from 'node:zlib';
import type { Commit, LogRecord, OutgoingRecord, Position } from '@faultline/bus';
import { type Core, type CoreConfig, type Effect, snapshotState } from '@faultline/correlation';
import {
  codecs,
  type EvidenceQuestion,
  type Incident,
  type Input,
  journalRecords,
  type Scope,
  type Signal,
  scopeKey,
} from '@faultline/model';
import { type Letter, letterRecord } from './dead-letter.ts';
import { decodeInput } from './decode.ts';
import { addCount, createScopeShell, type LaneState, type ScopeShell, shellRecordKey, writerOf } from './lane-state.ts';
import { rawIncident } from './raw-page.ts';
import { stateKey } from './state-key.ts';

/** For the key and the headers of a record of the journal. */
const journalHeadRoomBytes = 1024;
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
}

export class Batch {
  readonly #options: BatchOptions;
  readonly #records: OutgoingRecord[] = [];
  readonly #saves = new Map<string, string | null>();
  readonly #counted = new Set<string>();
  readonly #positions = new Map<string, Position>();
  readonly #questions: EvidenceQuestion[] = [];
  /** A copy of a tenant-wide record that another lane counts. */
  #countsHere = true;

  constructor(options: BatchOptions) {
    this.#options = options;
  }

  /** Whether there is nothing to commit. */
  get isEmpty(): boolean {
    return this.#records.length === 0 && this.#saves.size === 0 && this.#positions.size === 0;
  }

  /** Questions to ask once the commit is safe. */
  get questions(): readonly EvidenceQuestion[] {
    return this.#questions;
  }

  /** Takes a record of the lane: through the core of its scope, or of each scope of its tenant. */
  record(record: LogRecord): void {
    this.#pass(record);
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
    this.#pass(record);
    this.#deadLetter(record, 'CORRELATOR_STEP_FAILED', reason);
    const decoded = decodeInput(record);
    if (decoded.ok && decoded.value.input.kind === 'alert' && decoded.value.input.alert.status === 'firing')
      this.#publish(rawIncident(decoded.value.input.alert, this.#options.nowMs));
  }

  /**
   * Puts aside what could not be read of a scope's state. The journal is told what is left, as nothing in it leads there; an incident that is lost
   * is retired, so that it is news when its alerts open it again.
   */
  putAsideState(shell: ScopeShell): void {
    if (shell.unreadable.length === 0) return;
    for (const { key, value, reason } of shell.unreadable) {
      this.#saves.set(stateKey(shell.key, key), null);
      this.#letter({
        place: ['state', shell.key, key, value],
        source: 'correlator',
        signal: '',
        items: 1,
        code: 'CORRELATOR_STATE_UNREADABLE',
        reason: `${key}: ${reason}`,
        receivedAtMs: this.#options.nowMs,
        contentType: 'application/json',
        payload: Buffer.from(value, 'utf8'),
      });
      if (key.startsWith(incidentPrefix))
        this.#effect(shell, { kind: 'retire', incidentId: key.slice(incidentPrefix.length) });
    }
    const atMs = Math.max(this.#options.nowMs, shell.lastAtMs);
    this.#journal(shell, atMs, { kind: 'checkpoint', records: snapshotState(shell.state) });
    shell.lastAtMs = atMs;
  }

  /** Takes one input of a scope: journal, step, effects. */
  input(shell: ScopeShell, input: Input): void {
    const { core, nowMs } = this.#options;
    const atMs = Math.max(nowMs, shell.lastAtMs);
    if (core.wouldOpen(shell.state, input))
      this.#journal(shell, atMs, { kind: 'checkpoint', records: snapshotState(shell.state) });
    this.#journal(shell, atMs, input);
    if (input.kind === 'tick') shell.wakeAtMs = Number.POSITIVE_INFINITY;
    const { state, effects } = core.step(shell.state, { atMs, input });
    shell.state = state;
    shell.lastAtMs = atMs;
    for (const effect of effects) this.#effect(shell, effect);
  }

  /** Everything in one commit; the last value of each state record and of each total only. */
  commit(): Commit {
    const { partition, lane } = this.#options;
    const saves = [...this.#saves].map(
      ([key, value]): OutgoingRecord => ({
        topic: 'state',
        key,
        partition,
        value: value === null ? null : Buffer.from(value, 'utf8'),
      }),
    );
    const ledger = [...this.#counted].flatMap((key): OutgoingRecord[] => {
      const totals = lane.totals.get(key);
      return totals === undefined ? [] : [{ topic: 'ledger', key, value: codecs.ledgerTotals.encode(totals) }];
    });
    return { records: [...this.#records, ...saves, ...ledger], positions: [...this.#positions.values()] };
  }

  #pass({ topic, partition, offset }: LogRecord): void {
    this.#positions.set(topic, { topic, partition, offset: offset + 1n });
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

  #journal(shell: ScopeShell, atMs: number, input: Input): void {
    const { partition, maxRecordBytes } = this.#options;
    shell.seq += 1;
    const packing = { compress: zstdCompressSync, chunkBytes: maxRecordBytes - journalHeadRoomBytes };
    for (const record of journalRecords({ scopeKey: shell.key, seq: shell.seq, atMs, input }, packing))
      this.#records.push({ topic: 'journal', key: shell.key, partition, ...record });
    this.#saves.set(stateKey(shell.key, shellRecordKey), JSON.stringify({ seq: shell.seq, atMs }));
  }

  #effect(shell: ScopeShell, effect: Effect): void {
    const { partition } = this.#options;
    switch (effect.kind) {
      case 'save':
        this.#saves.set(stateKey(shell.key, effect.key), effect.value);
        break;
      case 'publish':
        this.#publish(effect.incident);
        break;
      case 'retire':
        this.#records.push({ topic: 'incidents', key: effect.incidentId, partition, value: null });
        break;
      case 'member':
        this.#records.push({
          topic: 'incident-alerts',
          key: effect.member.incidentId,
          partition,
          value: codecs.incidentMember.encode(effect.member),
        });
        break;
      case 'count':
        if (this.#countsHere) this.#count(effect);
        break;
      case 'ask':
        this.#questions.push(effect.question);
        break;
      case 'wake':
        shell.wakeAtMs = Math.min(shell.wakeAtMs, effect.atMs);
    }
  }

  #publish(incident: Incident): void {
    const { partition } = this.#options;
    this.#records.push({ topic: 'incidents', key: incident.id, partition, value: codecs.incident.encode(incident) });
  }

  #count({ source, signal, field, by }: Extract<Effect, { kind: 'count' }>): void {
    const writer = writerOf(this.#options.partition);
    this.#counted.add(addCount(this.#options.lane.totals, { writer, source, signal, field, by }));
  }

  #deadLetter(record: LogRecord, code: string, reason: string): void {
    const signal: Signal | '' = record.topic === 'alerts' || record.topic === 'changes' ? record.topic : '';
    const source = record.headers['source'] ?? '';
    const items = Number(record.headers['items'] ?? '1');
    this.#letter({
      place: [record.topic, String(record.partition), String(record.offset)],
      source,
      signal,
      items: Math.max(1, items),
      code,
      reason,
      receivedAtMs: record.timestampMs,
      contentType: 'avro/binary',
      payload: Buffer.from(record.value ?? []),
    });
    if (signal !== '' && items > 0) this.#count({ kind: 'count', source, signal, field: 'deadLettered', by: items });
  }

  #letter(letter: Letter): void {
    this.#records.push(letterRecord(letter, this.#options.maxRecordBytes));
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
