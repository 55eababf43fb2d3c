/** Where an encoded item has its trace id. It follows the fields before it in protos/span-block.avsc and protos/log-block.avsc. */
import type { Log, Span } from '@faultline/model';
import { type EncodedItems, resourceBytes } from './encoded-items.ts';

export const traceIdBytes = 16;

/** A span has an id of 16 bytes, after its length. */
export function spanTraceAt(items: EncodedItems<Span>, index: number): number {
  return items.start(index) + resourceBytes + 1;
}

/** The first byte of a log line's trace id. */
export function logTraceAt(items: EncodedItems<Log>, index: number): number {
  return lengthAt(items, index) + 1;
}

export function hasTrace(items: EncodedItems<Log>, index: number): boolean {
  return items.buffer[lengthAt(items, index)] !== 0;
}

/** The length of the trace id. The time comes before it, and a byte that says whether the time is known. */
function lengthAt(items: EncodedItems<Log>, index: number): number {
  let at = items.start(index) + resourceBytes;
  while ((items.buffer[at] ?? 0) > 127) at++;
  return at + 2;
}
