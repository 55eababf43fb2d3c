/** The attributes of an encoded data point, as bytes: equal bytes are equal attributes, so they need not be decoded again. */
import type { AnyItem, EncodedItems } from './encoded-items.ts';
import { resourceBytes } from './encoded-items.ts';

/** The Avro map of a point's attributes, one character a byte. It follows metric, unit, kind and two times in protos/metric-block.avsc. */
export function pointAttributeBytes<Item extends AnyItem>(items: EncodedItems<Item>, index: number): string {
  const { buffer } = items;
  let at = skipText(buffer, skipText(buffer, items.start(index) + resourceBytes));
  for (let field = 0; field < 3; field++) at = skipNumber(buffer, at);
  return buffer.toString('latin1', at, skipMap(buffer, at));
}

function skipNumber(buffer: Buffer, start: number): number {
  let at = start;
  while ((buffer[at] ?? 0) > 127) at++;
  return at + 1;
}

function skipText(buffer: Buffer, start: number): number {
  return skipNumber(buffer, start) + lengthAt(buffer, start);
}

/** A length or a count: at least 0 and below 2^31. */
function lengthAt(buffer: Buffer, start: number): number {
  let value = 0;
  for (let at = start, shift = 0; ; at++, shift += 7) {
    const byte = buffer[at] ?? 0;
    value |= (byte & 127) << shift;
    if (byte < 128) return value >>> 1;
  }
}

/** A map is written as one part: its count, its pairs, a zero; an empty one is just the zero. */
function skipMap(buffer: Buffer, start: number): number {
  const pairs = lengthAt(buffer, start);
  let at = skipNumber(buffer, start);
  if (pairs === 0) return at;
  for (let text = 0; text < pairs * 2; text++) at = skipText(buffer, at);
  return at + 1;
}
