/** What one commit of a partition writes, collected while its inputs go through the core. */
import { zstdCompressSync } from 'node:zlib';
import type { Commit, LogRecord, OutgoingRecord, Position } from '@faultline/bus';
import { type Effect, snapshotState } from '@faultline/correlation';
import { codecs, type Incident, type IncidentMember, type Input, journalRecords } from '@faultline/model';
import type { TraceHeaders } from '@faultline/runtime';
import { deadLetterRecord, type PendingDeadLetter } from './dead-letter.ts';
import { type TakenOver, takenOverKey } from './old-scopes.ts';
import {
  addCount,
  homesRecordKey,
  hostRecordKey,
  type PartitionState,
  type ScopeHost,
  writerOf,
} from './partition-state.ts';
import { chunkRecords } from './state-chunks.ts';
import { stateKey } from './state-key.ts';

/** On a record of an older release that was written again under its tenant's key. */
export const forwardedHeader = 'forwarded';

/** Room for the key and the headers of a journal record. */
const journalHeadRoomBytes = 1024;

interface OutgoingOptions {
  readonly partitionState: PartitionState;
  readonly partition: number;
  readonly maxRecordBytes: number;
  /** Sent along with what other services act on. */
  readonly trace: TraceHeaders;
}

export class Outgoing {
  readonly #options: OutgoingOptions;
  readonly #records: OutgoingRecord[] = [];
  /** Goes with the first commit that there is a reason for. */
  #marker: readonly OutgoingRecord[] = [];
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

  /** Moves the partition's position past a record. */
  pass({ topic, partition, offset }: LogRecord): void {
    this.#positions.set(topic, { topic, partition, offset: offset + 1n });
  }

  /** One record of a scope's state; null removes it. */
  save(host: ScopeHost, key: string, value: string | null): void {
    this.#saves.set(stateKey(host.key, key), value);
  }

  /** Replaces what an older release kept under the keys of environments: whole records, and the marker that says that it is done. */
  takeOver({ old }: TakenOver, hosts: readonly ScopeHost[]): void {
    const { partition } = this.#options;
    for (const { key, partition: from } of old)
      this.#records.push({ topic: 'state', key, partition: from, value: null });
    for (const host of hosts) {
      for (const { key, value } of snapshotState(host.state)) this.save(host, key, value);
      this.save(host, homesRecordKey, JSON.stringify(Object.fromEntries(host.homes)));
    }
    this.#marker = [{ topic: 'state', key: takenOverKey, partition, value: Buffer.from('{}', 'utf8') }];
  }

  /** The scope's next entry of the journal, before it is applied. */
  journal(host: ScopeHost, atMs: number, input: Input): void {
    const { partition, maxRecordBytes } = this.#options;
    host.seq += 1;
    const packing = { compress: zstdCompressSync, chunkBytes: maxRecordBytes - journalHeadRoomBytes };
    for (const record of journalRecords({ scopeKey: host.key, seq: host.seq, atMs, input }, packing))
      this.#records.push({ topic: 'journal', key: host.key, partition, ...record });
    this.save(host, hostRecordKey, JSON.stringify({ seq: host.seq, atMs }));
  }

  /** A revision of an incident. */
  publish(incident: Incident, home?: number): void {
    const { partition: own, trace: headers } = this.#options;
    const partition = home ?? own;
    const value = codecs.incident.encode(incident);
    this.#records.push({ topic: 'incidents', key: incident.id, partition, value, headers });
  }

  /** Removes an incident from the compacted topic. */
  tombstone(incidentId: string, home?: number): void {
    const { partition: own, trace: headers } = this.#options;
    const partition = home ?? own;
    this.#records.push({ topic: 'incidents', key: incidentId, partition, value: null, headers });
  }

  member(member: IncidentMember): void {
    const { partition, trace: headers } = this.#options;
    const value = codecs.incidentMember.encode(member);
    this.#records.push({ topic: 'incident-alerts', key: member.incidentId, partition, value, headers });
  }

  /** Adds to the partition's totals, which the commit writes. */
  count(counted: Omit<Extract<Effect, { kind: 'count' }>, 'kind'>): void {
    const { partition, partitionState } = this.#options;
    this.#counted.add(addCount(partitionState.totals, writerOf(partition), counted));
  }

  deadLetter(letter: PendingDeadLetter): void {
    this.#records.push(deadLetterRecord(letter, this.#options.maxRecordBytes));
  }

  /** Writes a record that came to another partition under its tenant's key. It is taken and counted there. */
  forward({ topic, value, headers }: LogRecord, key: string): void {
    this.#records.push({ topic, key, value, headers: { ...headers, [forwardedHeader]: '1' } });
  }

  /** Everything in one commit; the last value of each state record and of each total only. */
  commit(): Commit {
    const { partitionState } = this.#options;
    const saves = [...this.#saves].flatMap(([key, value]) => this.#saved(key, value));
    const ledger = [...this.#counted].flatMap((key): OutgoingRecord[] => {
      const totals = partitionState.totals.get(key);
      return totals === undefined ? [] : [{ topic: 'ledger', key, value: codecs.ledgerTotals.encode(totals) }];
    });
    return {
      records: [...this.#records, ...saves, ...ledger, ...this.#marker],
      positions: [...this.#positions.values()],
    };
  }

  #saved(key: string, value: string | null): OutgoingRecord[] {
    const { partition, partitionState, maxRecordBytes } = this.#options;
    const { chunks } = partitionState;
    const records = chunkRecords({ key, value, partition, before: chunks.get(key) ?? 1 }, maxRecordBytes);
    const parts = records.filter((record) => record.value !== null).length;
    if (parts > 1) chunks.set(key, parts);
    else chunks.delete(key);
    return records;
  }
}
