/**
 * The attributes of one item, as places in the request. They are found first and written afterwards: Avro wants their number before them, and
 * an item may turn out to be bad. One object serves all items, so an item allocates nothing.
 */
import type { AvroWriter } from '../../../encode/avro-writer.ts';
import { readValueUntil } from '../any-value.ts';
import { readText } from '../text-cache.ts';
import { boundedText, type ItemRules } from '../validity.ts';
import type { WireReader } from '../wire.ts';

/** Items with more are decoded to objects, as unusual ones are. */
const mostAttributes = 256;
/** Start and end of the key, start and end of the value. */
const placesPerAttribute = 4;

export class AttributeRanges {
  count = 0;
  readonly #places = new Int32Array(mostAttributes * placesPerAttribute);

  /** False: there are more attributes than fit. */
  get isComplete(): boolean {
    return this.count <= mostAttributes;
  }

  clear(): void {
    this.count = 0;
  }

  /** Finds the parts of one `KeyValue`, and goes behind it. */
  find(reader: WireReader): void {
    const end = reader.enter();
    const places = this.#places;
    const base = this.count * placesPerAttribute;
    let keyStart = 0;
    let keyEnd = 0;
    let valueStart = 0;
    let valueEnd = 0;
    while (reader.next(end)) {
      if (reader.field === 1) {
        keyEnd = reader.enter();
        keyStart = reader.pos;
        reader.pos = keyEnd;
      } else if (reader.field === 2) {
        valueEnd = reader.enter();
        valueStart = reader.pos;
        reader.pos = valueEnd;
      } else reader.skip();
    }
    reader.leave(end);
    this.count++;
    if (!this.isComplete) return;
    places[base] = keyStart;
    places[base + 1] = keyEnd;
    places[base + 2] = valueStart;
    places[base + 3] = valueEnd;
  }

  /** Whether one of the keys is `key`. */
  has(buffer: Buffer, key: Buffer): boolean {
    for (let base = 0; base < this.count * placesPerAttribute; base += placesPerAttribute) {
      const start = this.#places[base] ?? 0;
      const end = this.#places[base + 1] ?? 0;
      if (end - start === key.length && key.compare(buffer, start, end) === 0) return true;
    }
    return false;
  }

  /**
   * Writes them as an Avro map. A key that occurs twice is written twice: readers of a map keep the last, as OTLP wants. Moves the reader. Throws
   * RefusedItem for a value that is nested too deep.
   */
  write(writer: AvroWriter, reader: WireReader, rules: ItemRules): void {
    const places = this.#places;
    if (this.count > 0) writer.int(this.count);
    for (let base = 0; base < this.count * placesPerAttribute; base += placesPerAttribute) {
      writeText(writer, reader.buffer, places[base] ?? 0, places[base + 1] ?? 0, rules.limits.labelValueBytes);
      writeValue(writer, reader, places[base + 2] ?? 0, places[base + 3] ?? 0, rules);
    }
    writer.byte(0);
  }
}

/** Writes a text of the request, cut when it is longer than allowed. */
export function writeText(writer: AvroWriter, buffer: Buffer, start: number, end: number, maxLength: number): void {
  if (end - start <= maxLength) writer.textOf(buffer, start, end);
  else writer.text(boundedText(readText(buffer, start, end), maxLength));
}

/** Tags of `AnyValue`: field number and wire type. */
const stringTag = (1 << 3) | 2;
const intTag = 3 << 3;
/** A tag and a varint of up to four bytes, which is below 2^28. */
const longestSmallInt = 5;

/** Writes an `AnyValue` as text and moves the reader. Strings are copied and small numbers written; all else is read as the decoder reads it. */
export function writeValue(writer: AvroWriter, reader: WireReader, start: number, end: number, rules: ItemRules): void {
  const { buffer } = reader;
  const tag = buffer[start];
  reader.pos = start + 1;
  if (end > start && tag === stringTag) {
    const length = reader.varint32();
    if (reader.pos + length === end && length <= rules.limits.textBytes) {
      writer.textOf(buffer, reader.pos, end);
      return;
    }
  } else if (tag === intTag && end - start >= 2 && end - start <= longestSmallInt) {
    const value = reader.varint32();
    if (reader.pos === end) {
      writer.decimal(value);
      return;
    }
  }
  reader.pos = start;
  writer.text(readValueUntil(reader, end, rules));
}
