import type { OutgoingRecord } from '@faultline/bus';
import { codecs, contentId, type DeadLetter, parseScope, type Signal } from '@faultline/model';
import { recordHead } from './record-head.ts';

/** A dead letter, and whose it is: no other tenant is shown it. Undefined when that cannot be told. */
export interface TenantDeadLetter extends DeadLetter {
  readonly tenant: string | undefined;
}

/** A record as far as a dead letter tells of it. */
interface RefusedRecord {
  readonly topic: string;
  readonly offset: bigint;
  readonly timestampMs: number;
  readonly value: Uint8Array | null;
  readonly headers: Readonly<Record<string, string>>;
}

/** A letter is larger than what it holds, and must itself stay under the log's limit. */
const maxPayloadBytes = 512 * 1024;

const signalOf: Readonly<Record<string, Signal>> = {
  spans: 'spans',
  logs: 'logs',
  metrics: 'metrics',
  alerts: 'alerts',
  changes: 'changes',
};

/** What is kept of a record that cannot be decoded. Its id is its place in the log, so that it is one letter however often it is read. */
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

/** A dead letter on its way. */
export function deadLetterRecord({ tenant, ...letter }: TenantDeadLetter): OutgoingRecord {
  const { source } = letter;
  const headers = { source, ...(tenant === undefined ? {} : { tenant }) };
  return { topic: 'dead-letters', key: source, value: codecs.deadLetter.encode(letter), headers };
}

/** What is kept of a row that the store refuses: the row as JSON. Its id is its place in its insert. */
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
