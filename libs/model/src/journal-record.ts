/** Journal entries as records of the log. A large entry is compressed, and split when it is still too large for one record. */
import { codecs, type Decoded } from './codec.ts';
import type { JournalEntry } from './journal.ts';

const compressFromBytes = 16_384;
/** The largest size that an entry may unpack to. */
export const maxJournalEntryBytes = 256 * 1024 * 1024;

/** One record's value and headers. Its key is the scope's. */
export interface JournalRecord {
  readonly value: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
}

export interface JournalPacking {
  readonly compress: (bytes: Uint8Array) => Uint8Array;
  /** Largest value of one record. */
  readonly chunkBytes: number;
}

/** The records of one entry, in order. One commit writes them, so that a reader sees all of them or none, one after another. */
export function journalRecords(entry: JournalEntry, { compress, chunkBytes }: JournalPacking): JournalRecord[] {
  const plain = codecs.journalEntry.encode(entry);
  const packed = plain.length > compressFromBytes;
  const bytes = packed ? compress(plain) : plain;
  const parts = Math.max(1, Math.ceil(bytes.length / chunkBytes));
  return Array.from({ length: parts }, (_, part) => ({
    value: bytes.subarray(part * chunkBytes, (part + 1) * chunkBytes),
    headers: { part: String(part), parts: String(parts), encoding: packed ? 'zstd' : 'none' },
  }));
}

/** Entries from the records of one partition, in order. An unreadable one is returned as a failure, and skipped. */
export class JournalAssembler {
  readonly #waiting = new Map<string, Uint8Array[]>();
  readonly #decompress: (bytes: Uint8Array) => Uint8Array;

  /** `decompress` undoes zstd, up to `maxJournalEntryBytes`; it may throw. */
  constructor(decompress: (bytes: Uint8Array) => Uint8Array) {
    this.#decompress = decompress;
  }

  /** The entry that this record completes; null when more parts are to come. */
  take({ key, value, headers }: Omit<JournalRecord, 'value'> & KeyedValue): Decoded<JournalEntry> | null {
    const part = Number(headers['part'] ?? '0');
    const parts = Number(headers['parts'] ?? '1');
    const chunks = part === 0 ? [] : (this.#waiting.get(key) ?? []);
    if (chunks.length !== part || value === null) return { ok: false, reason: 'a part of the entry is missing' };
    chunks.push(value);
    this.#waiting.set(key, chunks);
    if (chunks.length < parts) return null;
    this.#waiting.delete(key);
    return this.#decode(joined(chunks), headers['encoding'] === 'zstd');
  }

  #decode(bytes: Uint8Array, packed: boolean): Decoded<JournalEntry> {
    try {
      return codecs.journalEntry.decode(packed ? this.#decompress(bytes) : bytes);
    } catch (error) {
      return { ok: false, reason: `journal-entry: ${error instanceof Error ? error.message : String(error)}` };
    }
  }
}

interface KeyedValue {
  readonly key: string;
  readonly value: Uint8Array | null;
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const [only] = chunks;
  if (chunks.length === 1 && only !== undefined) return only;
  const all = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}
