/** Native histograms, the same message in both versions: `Histogram` of the package `io.prometheus.write.v2`. */
import type { Problem } from '../../source.ts';
import { asLong } from '../otlp/metrics.ts';
import type { ItemRules } from '../otlp/validity.ts';
import type { WireReader } from '../otlp/wire.ts';
import { isStaleMarker, toCount, toInt } from './number.ts';

/** The buckets of one sign: runs of neighbours, and their counts. */
export interface Buckets {
  readonly spans: { offset: number; length: number }[];
  /** Each count less the one before. */
  readonly deltas: bigint[];
  /** Counts of a float histogram, in place of deltas. */
  readonly counts: number[];
}

export interface NativeHistogram {
  count: bigint;
  sum: number;
  /** Scale of exponential buckets, or `customSchema`. */
  schema: number;
  zeroThreshold: number;
  zeroCount: bigint;
  readonly negative: Buckets;
  readonly positive: Buckets;
  /** Upper bounds of custom buckets. */
  readonly customValues: number[];
  isGauge: boolean;
  isStale: boolean;
  timestampMs: bigint;
  /** 0: not known. */
  startMs: bigint;
}

/** Buckets with bounds of the sender's own. */
export const customSchema = -53;
const gaugeHint = 3;

/** Reads the message that ends at `end`. Throws WireError; RefusedItem when it has too many parts. */
export function readHistogram(reader: WireReader, end: number, rules: ItemRules): NativeHistogram {
  const histogram = emptyHistogram();
  while (reader.next(end)) if (!readHead(reader, histogram)) readBuckets(reader, histogram, rules);
  reader.leave(end);
  return histogram;
}

function emptyHistogram(): NativeHistogram {
  const buckets = (): Buckets => ({ spans: [], deltas: [], counts: [] });
  return {
    ...{ count: 0n, sum: 0, schema: 0, zeroThreshold: 0, zeroCount: 0n, isGauge: false, isStale: false },
    ...{ negative: buckets(), positive: buckets(), customValues: [], timestampMs: 0n, startMs: 0n },
  };
}

/** Reads a field that is no list; false when it is one. */
function readHead(reader: WireReader, histogram: NativeHistogram): boolean {
  const { field } = reader;
  if (field === 1) histogram.count = asLong(reader.int64());
  else if (field === 2) histogram.count = toCount(reader.double());
  else if (field === 3) {
    const at = reader.fixed64At();
    histogram.sum = reader.buffer.readDoubleLE(at);
    histogram.isStale = isStaleMarker(reader.buffer, at);
  } else if (field === 4) histogram.schema = toInt(reader.number());
  else if (field === 5) histogram.zeroThreshold = reader.double();
  else if (field === 6) histogram.zeroCount = asLong(reader.int64());
  else if (field === 7) histogram.zeroCount = toCount(reader.double());
  else if (field === 14) histogram.isGauge = reader.number() === gaugeHint;
  else if (field === 15) histogram.timestampMs = reader.int64();
  else if (field === 17) histogram.startMs = reader.int64();
  else return false;
  return true;
}

function readBuckets(reader: WireReader, histogram: NativeHistogram, { limits }: ItemRules): void {
  const { field, buffer } = reader;
  const part = () => reader.countPart(limits.itemParts);
  const { spans, deltas, counts } = field < 11 ? histogram.negative : histogram.positive;
  if (field === 8 || field === 11) {
    part();
    spans.push(readSpan(reader));
  } else if (field === 9 || field === 12)
    reader.eachVarint(() => {
      part();
      deltas.push(zigzag64(reader.varint64()));
    });
  else if (field === 10 || field === 13 || field === 16)
    reader.eachFixed64((at) => {
      part();
      (field === 16 ? histogram.customValues : counts).push(buffer.readDoubleLE(at));
    });
  else reader.skip();
}

function readSpan(reader: WireReader): { offset: number; length: number } {
  const end = reader.enter();
  const span = { offset: 0, length: 0 };
  while (reader.next(end)) {
    if (reader.field === 1) span.offset = toInt(reader.number());
    else if (reader.field === 2) span.length = reader.number();
    else reader.skip();
  }
  reader.leave(end);
  return span;
}

function zigzag64(value: bigint): bigint {
  const unsigned = BigInt.asUintN(64, value);
  return (unsigned >> 1n) ^ -(unsigned & 1n);
}

/** Buckets without gaps: the index of the first one, and all counts from there on. */
export interface DenseBuckets {
  readonly offset: number;
  readonly counts: readonly bigint[];
}

/** Fills the gaps between spans with zeros. A problem when spans and counts differ, or there are more than `maxBuckets`. */
export function denseBuckets({ spans, deltas, counts }: Buckets, maxBuckets: number): DenseBuckets | Problem {
  const given = counts.length > 0 ? counts.map(toCount) : runningSums(deltas);
  const offset = spans[0]?.offset ?? 0;
  const dense: bigint[] = [];
  let used = 0;
  for (const [index, span] of spans.entries()) {
    const gap = index === 0 ? 0 : span.offset;
    if (gap < 0 || dense.length + gap + span.length > maxBuckets)
      return invalid(`spans: expected at most ${maxBuckets} buckets, in order`);
    for (let empty = 0; empty < gap; empty++) dense.push(0n);
    for (let bucket = 0; bucket < span.length; bucket++) dense.push(given[used++] ?? 0n);
  }
  return used === given.length ? { offset, counts: dense } : invalid('spans: expected one bucket for each count');
}

function runningSums(deltas: readonly bigint[]): bigint[] {
  let sum = 0n;
  return deltas.map((delta) => {
    sum += delta;
    return asLong(sum);
  });
}

export function invalid(reason: string): Problem {
  return { code: 'INGEST_INVALID', reason: `histograms.${reason}` };
}
