/** Journal entries as records of the log. An answer may be large: it is compressed, and cut when it is still too large for one record. */
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import type { LogRecord, OutgoingRecord } from '@faultline/bus';
import { codecs, type Decoded, type JournalEntry } from '@faultline/model';

const compressFromBytes = 16_384;
const headRoomBytes = 1024;
/** What an entry may unpack to: more is not ours. */
const maxEntryBytes = 256 * 1024 * 1024;

/** The records of one entry, in order. They go into one commit, so that a reader sees all of them or none, one after another. */
export function journalRecords(entry: JournalEntry, partition: number, maxRecordBytes: number): OutgoingRecord[] {
  const plain = codecs.journalEntry.encode(entry);
  const packed = plain.length > compressFromBytes;
  const bytes = packed ? zstdCompressSync(plain) : plain;
  const chunkBytes = maxRecordBytes - headRoomBytes;
  const parts = Math.max(1, Math.ceil(bytes.length / chunkBytes));
  return Array.from({ length: parts }, (_, part) => ({
    topic: 'journal' as const,
    key: entry.scopeKey,
    partition,
    value: bytes.subarray(part * chunkBytes, (part + 1) * chunkBytes),
    headers: { part: String(part), parts: String(parts), encoding: packed ? 'zstd' : 'none' },
  }));
}

/** Entries from the records of one partition, in order. One that cannot be read is told and skipped. */
export class JournalAssembler {
  readonly #waiting = new Map<string, Uint8Array[]>();

  /** The entry that this record completes; null when more parts are to come. */
  take(record: Pick<LogRecord, 'key' | 'value' | 'headers'>): Decoded<JournalEntry> | null {
    const part = Number(record.headers['part'] ?? '0');
    const parts = Number(record.headers['parts'] ?? '1');
    const chunks = part === 0 ? [] : (this.#waiting.get(record.key) ?? []);
    if (chunks.length !== part || record.value === null) return { ok: false, reason: 'a part of the entry is missing' };
    chunks.push(record.value);
    this.#waiting.set(record.key, chunks);
    if (chunks.length < parts) return null;
    this.#waiting.delete(record.key);
    return decodeEntry(Buffer.concat(chunks), record.headers['encoding'] === 'zstd');
  }
}

function decodeEntry(bytes: Buffer, packed: boolean): Decoded<JournalEntry> {
  try {
    return codecs.journalEntry.decode(packed ? zstdDecompressSync(bytes, { maxOutputLength: maxEntryBytes }) : bytes);
  } catch (error) {
    return { ok: false, reason: `journal-entry: ${error instanceof Error ? error.message : String(error)}` };
  }
}
