import { contentId, type DeadLetter, type Signal } from '@faultline/model';
import { recordHead } from './record-head.ts';

/** A record as far as a dead letter tells of it. */
interface RefusedRecord {
  readonly topic: string;
  readonly offset: bigint;
  readonly timestampMs: number;
  readonly value: Uint8Array | null;
  readonly headers: Readonly<Record<string, string>>;
}

const signalOf: Readonly<Record<string, Signal>> = {
  spans: 'spans',
  logs: 'logs',
  metrics: 'metrics',
  alerts: 'alerts',
  changes: 'changes',
};

/** What is kept of a record that cannot be decoded. Its id is its place in the log, so that it is one letter however often it is read. */
export function unreadableLetter(record: RefusedRecord, partition: number, reason: string): DeadLetter {
  const { source, items } = recordHead(record);
  return {
    id: contentId('recorder', record.topic, String(partition), String(record.offset)),
    source,
    signal: signalOf[record.topic] ?? '',
    items,
    code: 'RECORDER_UNREADABLE',
    reason,
    receivedAtMs: record.timestampMs,
    contentType: 'avro/binary',
    payload: record.value ?? new Uint8Array(),
  };
}
