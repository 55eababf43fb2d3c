/**
 * Attribute names and most values repeat from span to span. Reading a short text through this table costs a hash and a comparison instead
 * of a call into native code and a new string: measured, it halves the time of decoding. It holds at most `slots` texts of `longest` bytes.
 */
const slots = 8192;
const longest = 48;
const table: (string | undefined)[] = new Array(slots).fill(undefined);

/** The UTF-8 text of `buffer[start, end)`. Bytes that are not UTF-8 become U+FFFD. */
export function readText(buffer: Buffer, start: number, end: number): string {
  const length = end - start;
  if (length === 0) return '';
  if (length > longest) return buffer.toString('utf8', start, end);
  let hash = length;
  let bits = 0;
  for (let at = start; at < end; at++) {
    const byte = buffer[at] as number;
    hash = (Math.imul(hash, 31) + byte) | 0;
    bits |= byte;
  }
  if (bits > 127) return buffer.toString('utf8', start, end);
  const slot = (hash ^ (hash >>> 13)) & (slots - 1);
  const cached = table[slot];
  if (cached !== undefined && isSame(cached, buffer, start, length)) return cached;
  const text = buffer.toString('latin1', start, end);
  table[slot] = text;
  return text;
}

function isSame(text: string, buffer: Buffer, start: number, length: number): boolean {
  if (text.length !== length) return false;
  for (let at = 0; at < length; at++) if (text.charCodeAt(at) !== buffer[start + at]) return false;
  return true;
}
