import type { OutgoingRecord } from '@faultline/bus';
import { codecs, contentId, type DeadLetter, parseScope, type Signal } from '@faultline/model';
import { recordHead } from './record-head.ts';

/** A dead letter and its tenant, since no other tenant may see it. Undefined when the tenant is unknown. */
export interface TenantDeadLetter extends DeadLetter {
  readonly tenant: string | undefined;
}

/** The parts of a record that a dead letter reports. */
interface RefusedRecord {
  readonly topic: string;
  readonly offset: bigint;
  readonly timestampMs: number;
  readonly value: Uint8Array | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** A dead letter is larger than its payload and must stay below the log's record limit. */
const maxPayloadBytes = 512 * 1024;

const signalOf: Readonly<Record<string, Signal>> = {
  spans: 'spans',
  logs: 'logs',
  metrics: 'metrics',
  alerts: 'alerts',
  changes: 'changes',
};

/**
 * The dead letter of a record that cannot be decoded. Its id comes from its place in the log, so reading it again gives
 * the same dead letter.
 */
export function unreadableDeadLetter(record: RefusedRecord, partition: number, reason: string): TenantDeadLetter {
  const { source, items } = recordHead(record);
  return {
    tenant: parseScope(record.headers['scope'] ?? '')?.tenant,
    id: contentId('recorder', record.topic, String(partition), String(record.offset)),
    source,
    signal: signalOf[record.topic] ?? '',
    items,
    code: 'RECORDER_UNREADABLE',
    reason,
    receivedAtMs: record.timestampMs,
    contentType: 'avro/binary',
    payload: (record.value ?? new Uint8Array()).subarray(0, maxPayloadBytes),
  };
}

/** The record that carries a dead letter. */
export function deadLetterRecord({ tenant, ...letter }: TenantDeadLetter): OutgoingRecord {
  const { source } = letter;
  const headers = { source, ...(tenant === undefined ? {} : { tenant }) };
  return { topic: 'dead-letters', key: source, value: codecs.deadLetter.encode(letter), headers };
}

/** The dead letter of a row that the store refuses, with the row as JSON. Its id comes from its place in the insert. */
export function rejectedDeadLetter(rejected: RefusedRow, atMs: number): TenantDeadLetter {
  const { table, row, name, reason } = rejected;
  return {
    tenant: 'Tenant' in row ? String(row.Tenant) : undefined,
    id: contentId('recorder', table, name),
    source: 'recorder',
    signal: '',
    items: 1,
    code: 'RECORDER_REJECTED',
    reason: `${table}: ${reason}`,
    receivedAtMs: atMs,
    contentType: 'application/json',
    payload: Buffer.from(
      JSON.stringify(row, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}` : value)),
    ),
  };
}

interface RefusedRow {
  readonly table: string;
  readonly row: object;
  readonly name: string;
  readonly reason: string;
}
