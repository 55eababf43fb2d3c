/** Walks over the fields of protobuf messages without decoding them. */

/** A position in a message. */
interface Cursor {
  at: number;
}

function varint(bytes: Uint8Array, cursor: Cursor): number {
  let value = 0;
  for (let shift = 0; shift < 70; shift += 7) {
    const byte = bytes[cursor.at++] ?? 0;
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return value;
  }
  return value;
}

const lengthDelimited = 2;
/** By wire type; a varint and a length are read. */
const fixedBytes: readonly number[] = [0, 8, 0, 0, 0, 4];

/** Calls `each` with the place of every length-delimited field of a number. */
function fields(
  bytes: Uint8Array,
  { from, to, field }: { readonly from: number; readonly to: number; readonly field: number },
  each: (from: number, to: number) => void,
): void {
  const cursor = { at: from };
  while (cursor.at < to) {
    const tag = varint(bytes, cursor);
    const type = tag & 7;
    const size = type === lengthDelimited ? varint(bytes, cursor) : (fixedBytes[type] ?? 0);
    if (type === 0) varint(bytes, cursor);
    if (type === lengthDelimited && tag >>> 3 === field) each(cursor.at, cursor.at + size);
    cursor.at += size;
  }
}

const resourceSpans = 1;
const scopeSpans = 2;
const spans = 2;

/** The spans of an export request; every field of each span is stepped over. */
export function countSpans(bytes: Uint8Array): number {
  let count = 0;
  fields(bytes, { from: 0, to: bytes.length, field: resourceSpans }, (from, to) =>
    fields(bytes, { from, to, field: scopeSpans }, (scopeFrom, scopeTo) =>
      fields(bytes, { from: scopeFrom, to: scopeTo, field: spans }, (spanFrom, spanTo) => {
        fields(bytes, { from: spanFrom, to: spanTo, field: 0 }, () => {});
        count += 1;
      }),
    ),
  );
  return count;
}
