/** What one commit of a lane writes: gathered while its inputs go through the core, and given whole. */
import { zstdCompressSync } from 'node:zlib';
import type { Commit, LogRecord, OutgoingRecord, Position } from '@faultline/bus';
import type { Effect } from '@faultline/correlation';
import { codecs, type Incident, type IncidentMember, type Input, journalRecords } from '@faultline/model';
import type { TraceHeaders } from '@faultline/runtime';
import { type Letter, letterRecord } from './dead-letter.ts';
import { addCount, type LaneState, type ScopeShell, shellRecordKey, writerOf } from './lane-state.ts';
import { stateKey } from './state-key.ts';

/** For the key and the headers of a record of the journal. */
const journalHeadRoomBytes = 1024;

export interface OutgoingOptions {
  readonly lane: LaneState;
  readonly partition: number;
  readonly maxRecordBytes: number;
  /** Goes with what other services act upon. */
  readonly trace: TraceHeaders;
}

export class Outgoing {
  readonly #options: OutgoingOptions;
  readonly #records: OutgoingRecord[] = [];
  readonly #saves = new Map<string, string | null>();
  readonly #counted = new Set<string>();
  readonly #positions = new Map<string, Position>();

  constructor(options: OutgoingOptions) {
    this.#options = options;
  }

  /** Whether there is nothing to commit. */
  get isEmpty(): boolean {
    return this.#records.length === 0 && this.#saves.size === 0 && this.#positions.size === 0;
  }

  /** The lane's position moves past a record. */
  pass({ topic, partition, offset }: LogRecord): void {
    this.#positions.set(topic, { topic, partition, offset: offset + 1n });
  }

  /** One record of a scope's state; null removes it. */
  save(shell: ScopeShell, key: string, value: string | null): void {
    this.#saves.set(stateKey(shell.key, key), value);
  }

  /** The scope's next entry of the journal, before it is applied. */
  journal(shell: ScopeShell, atMs: number, input: Input): void {
    const { partition, maxRecordBytes } = this.#options;
    shell.seq += 1;
    const packing = { compress: zstdCompressSync, chunkBytes: maxRecordBytes - journalHeadRoomBytes };
    for (const record of journalRecords({ scopeKey: shell.key, seq: shell.seq, atMs, input }, packing))
      this.#records.push({ topic: 'journal', key: shell.key, partition, ...record });
    this.save(shell, shellRecordKey, JSON.stringify({ seq: shell.seq, atMs }));
  }

  /** A revision of an incident. */
  publish(incident: Incident): void {
    const { partition, trace: headers } = this.#options;
    const value = codecs.incident.encode(incident);
    this.#records.push({ topic: 'incidents', key: incident.id, partition, value, headers });
  }

  /** An incident that nobody has to know of any longer. */
  retire(incidentId: string): void {
    const { partition, trace: headers } = this.#options;
    this.#records.push({ topic: 'incidents', key: incidentId, partition, value: null, headers });
  }

  member(member: IncidentMember): void {
    const { partition, trace: headers } = this.#options;
    const value = codecs.incidentMember.encode(member);
    this.#records.push({ topic: 'incident-alerts', key: member.incidentId, partition, value, headers });
  }

  /** Adds to the lane's totals, which the commit tells. */
  count({ source, signal, field, by }: Omit<Extract<Effect, { kind: 'count' }>, 'kind'>): void {
    const writer = writerOf(this.#options.partition);
    this.#counted.add(addCount(this.#options.lane.totals, { writer, source, signal, field, by }));
  }

  letter(letter: Letter): void {
    this.#records.push(letterRecord(letter, this.#options.maxRecordBytes));
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
}
