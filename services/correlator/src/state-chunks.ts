/**
 * A record of the state that is too large for one record of the log is written in chunks. The first has the record's own key, the others have
 * keys that belong to no scope, so that older releases do not read them as records.
 */
import type { LogRecord, OutgoingRecord } from '@faultline/bus';

/** On the first chunk: how many there are. Left out: one. */
const partsHeader = 'parts';
/** Room for the key's number and the headers. */
const headRoomBytes = 256;

interface Saved {
  /** The topic key of the record. */
  readonly key: string;
  /** Null removes it. */
  readonly value: string | null;
  readonly partition: number;
  /** How many chunks the last value had. */
  readonly before: number;
}

/** The records of the log for one record of the state. Chunks that are no longer needed are removed. */
export function chunkRecords({ key, value, partition, before }: Saved, maxRecordBytes: number): OutgoingRecord[] {
  const record = (part: number, bytes: Uint8Array | null, headers = {}): OutgoingRecord => ({
    topic: 'state',
    key: chunkKey(key, part),
    partition,
    value: bytes,
    ...(Object.keys(headers).length > 0 && { headers }),
  });
  const bytes = value === null ? null : Buffer.from(value, 'utf8');
  const room = Math.max(1, maxRecordBytes - Buffer.byteLength(key) - headRoomBytes);
  const parts = bytes === null ? 0 : Math.max(1, Math.ceil(bytes.length / room));
  const written = Array.from({ length: parts }, (_, part) =>
    record(
      part,
      bytes?.subarray(part * room, (part + 1) * room) ?? null,
      part === 0 && parts > 1 ? { [partsHeader]: String(parts) } : {},
    ),
  );
  const removed = Array.from({ length: Math.max(0, before - parts) }, (_, n) => record(parts + n, null));
  return [...written, ...removed];
}

/** The key of a chunk. Part 0 has the record's own. */
function chunkKey(key: string, part: number): string {
  return part === 0 ? key : `${part}#|${key}`;
}

/** How many chunks a record's value has, by its first chunk. */
export function partsOf({ headers }: Pick<LogRecord, 'headers'>): number {
  const parts = Number(headers[partsHeader] ?? '1');
  return Number.isInteger(parts) && parts > 1 ? parts : 1;
}

/** The whole value from the first chunk. A missing chunk makes it unreadable JSON, which its reader sets aside. */
export function joinChunks(
  key: string,
  first: Uint8Array,
  parts: number,
  chunkOf: (key: string) => Uint8Array | undefined,
): Uint8Array {
  if (parts === 1) return first;
  const others = Array.from({ length: parts - 1 }, (_, n) => chunkOf(chunkKey(key, n + 1)) ?? new Uint8Array());
  return Buffer.concat([first, ...others]);
}
