/** Goes over Avro values that nobody has to read. Only for bytes that `AvroWriter` or a codec wrote. */

/** The place behind a number. */
export function skipNumber(buffer: Buffer, start: number): number {
  let at = start;
  while ((buffer[at] ?? 0) > 127) at++;
  return at + 1;
}

/** The place behind a text, or bytes. */
export function skipText(buffer: Buffer, start: number): number {
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

/** The place behind a map. It is written as one part: its count, its pairs, a zero; an empty one is just the zero. */
export function skipMap(buffer: Buffer, start: number): number {
  const pairs = lengthAt(buffer, start);
  let at = skipNumber(buffer, start);
  if (pairs === 0) return at;
  for (let text = 0; text < pairs * 2; text++) at = skipText(buffer, at);
  return at + 1;
}
