/** Refused bytes, kept to be read and mended; within a budget, so that garbage cannot fill the disk. */
import type { OutgoingRecord } from '@faultline/bus';
import { codecs, contentId, type DeadLetter, type Signal } from '@faultline/model';
import type { Problem } from '../source.ts';

export interface Refused {
  readonly tenant: string;
  readonly source: string;
  readonly signal: Signal;
  readonly items: number;
  readonly problem: Problem;
  readonly receivedAtMs: number;
  readonly contentType: string;
  readonly payload: Uint8Array;
}

/** The record of a refusal, its payload cut to `maxBytes`. The id is of the content, so that one thing sent twice is one letter to whoever mends it. */
export function deadLetterRecord(refused: Refused, maxBytes: number): OutgoingRecord {
  const { payload, problem, source, signal, items, receivedAtMs } = refused;
  const kept = payload.subarray(0, maxBytes);
  const cut = payload.length > kept.length ? ` (the first ${kept.length} of ${payload.length} bytes are kept)` : '';
  const letter: DeadLetter = {
    id: contentId(source, signal, Buffer.from(kept).toString('latin1')),
    source,
    signal,
    items,
    code: problem.code,
    reason: `${problem.reason}${cut}`.slice(0, 4096),
    receivedAtMs,
    contentType: refused.contentType.slice(0, 256),
    payload: kept,
  };
  return {
    topic: 'dead-letters',
    key: source,
    value: codecs.deadLetter.encode(letter),
    headers: { source, tenant: refused.tenant },
  };
}

/** Even an empty letter takes room in the log. */
const leastBytes = 512;
const hourMs = 3_600_000;

export interface DeadLetterBudget {
  /** True when there is room for so many bytes of this source now; they are taken off. */
  take(source: string, sizeBytes: number, nowMs: number): boolean;
}

/** A bucket for each source that fills over an hour. The sources are the few in the list, never a sender's words. */
export function createDeadLetterBudget(bytesPerHour: number): DeadLetterBudget {
  const buckets = new Map<string, { bytes: number; atMs: number }>();
  return {
    take: (source, sizeBytes, nowMs) => {
      const bucket = buckets.get(source) ?? { bytes: bytesPerHour, atMs: nowMs };
      const elapsedMs = Math.max(0, nowMs - bucket.atMs);
      const bytes = Math.min(bytesPerHour, bucket.bytes + (elapsedMs * bytesPerHour) / hourMs);
      const cost = Math.max(leastBytes, sizeBytes);
      const fits = cost <= bytes;
      buckets.set(source, { bytes: fits ? bytes - cost : bytes, atMs: Math.max(nowMs, bucket.atMs) });
      return fits;
    },
  };
}
