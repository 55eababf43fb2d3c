/**
 * One codec for each column type that telemetry tables use. The layout is that of ClickHouse's Native format without a
 * protocol version (src/DataTypes/Serializations in its sources): first the prefixes of a column, then its data.
 */
import type { ByteWriter } from './byte-writer.ts';

/** `write` throws a `RangeError` for a value that the type cannot hold. */
export interface ColumnCodec {
  /** Written once, before the data. */
  readonly prefix: (out: ByteWriter) => void;
  readonly write: (out: ByteWriter, values: readonly unknown[]) => void;
}

const noPrefix = (): void => {};
const each = (one: (out: ByteWriter, value: unknown) => void): ColumnCodec => ({
  prefix: noPrefix,
  write: (out, values) => {
    for (const value of values) one(out, value);
  },
});

function whole(value: unknown, least: number, most: number): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most)
    throw new RangeError('a number does not fit its column');
  return value;
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw new RangeError('a text column got another type');
  return value;
}

function list(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new RangeError('a list column got another type');
  return value;
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new RangeError('a map column got another type');
  return value as Readonly<Record<string, unknown>>;
}

const maxU64 = 2n ** 64n - 1n;
const maxNs = 2n ** 63n - 1n;
const maxMs = 9_999_999_999_999;
const maxSecond = 2 ** 32 - 1;

const string = each((out, value) => out.text(text(value)));
const unsigned64 = each((out, value) => {
  if (typeof value !== 'bigint') out.u64(whole(value, 0, Number.MAX_SAFE_INTEGER));
  else if (value >= 0n && value <= maxU64) out.big64(value);
  else throw new RangeError('a number does not fit its column');
});
const unsigned8 = each((out, value) => out.u8(whole(value, 0, 255)));
const signed16 = each((out, value) => out.i16(whole(value, -(2 ** 15), 2 ** 15 - 1)));
const signed32 = each((out, value) => out.u32(whole(value, -(2 ** 31), 2 ** 31 - 1) >>> 0));
const float64 = each((out, value) => out.f64(typeof value === 'number' && Number.isFinite(value) ? value : 0));
const boolean = each((out, value) => out.u8(value === true ? 1 : 0));

/** A sender may claim any time; those outside 1970 to 2262 are moved to that range. */
const nanoseconds = each((out, value) => {
  if (typeof value !== 'bigint') throw new RangeError('a time got another type');
  out.big64(value < 0n ? 0n : value > maxNs ? maxNs : value);
});
const milliseconds = each((out, value) => out.u64(Math.min(maxMs, Math.max(0, Math.round(Number(value))))));
/** From milliseconds. */
const seconds = each((out, value) => out.u32(Math.min(maxSecond, Math.floor(Math.max(0, Number(value)) / 1_000))));

const dayMs = 86_400_000;
/** From milliseconds. */
const day = each((out, value) => out.u16(Math.min(2 ** 16 - 1, Math.floor(Math.max(0, Number(value)) / dayMs))));

const dictionaryVersion = 1;
const hasKeys = 1 << 9;
const replacesDictionary = 1 << 10;

/** Each different text once, then a number for each row. Without rows nothing is written. */
const lowCardinality: ColumnCodec = {
  prefix: (out) => out.u64(dictionaryVersion),
  write: (out, values) => {
    const places = new Map<string, number>();
    const rows = values.map((value) => placeOf(places, text(value)));
    writeDictionary(out, places, rows);
  },
};

function writeDictionary(out: ByteWriter, places: ReadonlyMap<string, number>, rows: readonly number[]): void {
  if (rows.length === 0) return;
  const width = places.size <= 2 ** 8 ? 0 : places.size <= 2 ** 16 ? 1 : 2;
  out.u64(width | hasKeys | replacesDictionary);
  out.u64(places.size);
  for (const key of places.keys()) out.text(key);
  out.u64(rows.length);
  if (width === 0) for (const row of rows) out.u8(row);
  else if (width === 1) for (const row of rows) out.u16(row);
  else for (const row of rows) out.u32(row);
}

function placeOf(places: Map<string, number>, value: string): number {
  const known = places.get(value);
  if (known !== undefined) return known;
  places.set(value, places.size);
  return places.size - 1;
}

function arrayOf(item: ColumnCodec): ColumnCodec {
  return {
    prefix: item.prefix,
    write: (out, values) => {
      const items: unknown[] = [];
      for (const value of values) {
        for (const one of list(value)) items.push(one);
        out.u64(items.length);
      }
      item.write(out, items);
    },
  };
}

/** One column for each place of the tuple. */
function tupleOf(...items: readonly ColumnCodec[]): ColumnCodec {
  return {
    prefix: (out) => {
      for (const item of items) item.prefix(out);
    },
    write: (out, values) => {
      for (const [place, item] of items.entries())
        item.write(
          out,
          values.map((value) => list(value)[place]),
        );
    },
  };
}

/** `entriesOf` adds the keys and the values of one row. */
function mapOf(
  key: ColumnCodec,
  value: ColumnCodec,
  entriesOf: (row: unknown, keys: unknown[], values: unknown[]) => void,
): ColumnCodec {
  return {
    prefix: (out) => {
      key.prefix(out);
      value.prefix(out);
    },
    write: (out, rows) => {
      const keys: unknown[] = [];
      const values: unknown[] = [];
      for (const row of rows) {
        entriesOf(row, keys, values);
        out.u64(keys.length);
      }
      key.write(out, keys);
      value.write(out, values);
    },
  };
}

/** Where the keys and the values of a map that was written before are. */
interface Written {
  readonly names: readonly string[];
  readonly places: readonly number[];
  fromByte: number;
  toByte: number;
}

/** Many rows share the map of their resource. Its keys are looked up once, and its values are copied. */
const labels: ColumnCodec = {
  prefix: lowCardinality.prefix,
  write: (out, rows) => {
    const dictionary = new Map<string, number>();
    const known = new Map<unknown, Written>();
    const keys: number[] = [];
    for (const row of rows) {
      const { places } = known.get(row) ?? remember(known, row, dictionary);
      for (const place of places) keys.push(place);
      out.u64(keys.length);
    }
    writeDictionary(out, dictionary, keys);
    for (const row of rows) {
      const written = known.get(row);
      if (written !== undefined) writeValues(out, record(row), written);
    }
  },
};

function remember(known: Map<unknown, Written>, row: unknown, dictionary: Map<string, number>): Written {
  const names = Object.keys(record(row));
  const written = { names, places: names.map((name) => placeOf(dictionary, name)), fromByte: -1, toByte: -1 };
  known.set(row, written);
  return written;
}

function writeValues(out: ByteWriter, row: Readonly<Record<string, unknown>>, written: Written): void {
  if (written.fromByte >= 0) {
    out.repeat(written.fromByte, written.toByte);
    return;
  }
  written.fromByte = out.length;
  for (const name of written.names) out.text(text(row[name]));
  written.toByte = out.length;
}

const buckets = mapOf(signed16, unsigned64, (row, keys, values) => {
  for (const entry of list(row)) {
    const [bucket, count] = list(entry);
    keys.push(bucket);
    values.push(count);
  }
});

/** By the type's name in ClickHouse. */
export const codecs = {
  String: string,
  'LowCardinality(String)': lowCardinality,
  UInt8: unsigned8,
  UInt64: unsigned64,
  Int32: signed32,
  Float64: float64,
  Bool: boolean,
  'DateTime64(9)': nanoseconds,
  "DateTime64(3, 'UTC')": milliseconds,
  "DateTime('UTC')": seconds,
  Date: day,
  "Tuple(DateTime64(3, 'UTC'), Float64, Float64)": tupleOf(milliseconds, float64, float64),
  'Map(LowCardinality(String), String)': labels,
  'Map(Int16, UInt64)': buckets,
  'Array(String)': arrayOf(string),
  'Array(LowCardinality(String))': arrayOf(lowCardinality),
  'Array(UInt64)': arrayOf(unsigned64),
  'Array(Float64)': arrayOf(float64),
  'Array(DateTime64(9))': arrayOf(nanoseconds),
  'Array(Map(LowCardinality(String), String))': arrayOf(labels),
} as const satisfies Readonly<Record<string, ColumnCodec>>;

export type ColumnType = keyof typeof codecs;
