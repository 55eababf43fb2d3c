/** Ids of traces and spans in a request. */
import type { WireReader } from '../wire.ts';

export const traceIdBytes = 16;
export const spanIdBytes = 8;

/** The place of an id that has the right length and is not all zero; otherwise -1. The reader goes behind it. */
export function findId(reader: WireReader, length: number): number {
  const end = reader.enter();
  const start = reader.pos;
  reader.pos = end;
  if (end - start !== length) return -1;
  for (let at = start; at < end; at++) if (reader.buffer[at] !== 0) return start;
  return -1;
}
