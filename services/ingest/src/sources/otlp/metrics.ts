/** Metrics from protobuf: each data point becomes one item of a block. */
import type { MetricKind, MetricPoint } from '@faultline/model';
import type { Steps } from '../../steps.ts';
import { jsonNumber, readAttribute } from './any-value.ts';
import { emptyPoint, type MetricHead, type PointParts, pointProblem, temporalities, toPoint } from './metric-point.ts';
import {
  fieldsOf,
  itemsPerStep,
  type Place,
  type ProtoItems,
  peek,
  protoField,
  type ReadItem,
} from './proto-envelope.ts';
import { RefusedItem } from './refused.ts';
import { boundedText, type ItemRules } from './validity.ts';
import type { WireReader } from './wire.ts';

type ReadPoint = (reader: WireReader, point: PointParts, sink: Sink, rules: ItemRules) => void;
type Sink = { attributes: Record<string, string>; count: number };

/** The field of `Metric` that holds the points of each kind, and how one of them is read. */
const kinds: Readonly<Record<number, { readonly kind: MetricKind; readonly read: ReadPoint }>> = {
  5: { kind: 'gauge', read: readNumberField },
  7: { kind: 'sum', read: readNumberField },
  9: { kind: 'histogram', read: readHistogramField },
  10: { kind: 'exponentialHistogram', read: readExponentialField },
  11: { kind: 'summary', read: readSummaryField },
};

/** In the order of the block's enum. */
export const kindNames: readonly MetricKind[] = ['gauge', 'sum', 'histogram', 'exponentialHistogram', 'summary'];

/**
 * Longest name and unit. OpenTelemetry allows 255 and 63 characters (specification, metrics API, "Instrument name syntax"). Each point repeats
 * them, and a point may be eleven bytes.
 */
export const metricTextLength = 256;

/** Reads one data point that ends at `end`, and adds or refuses it. */
type ReadOnePoint = (items: ProtoItems<MetricPoint>, metric: OpenPoints, end: number) => void;

/** A reader of `opentelemetry.proto.metrics.v1.Metric`. It adds the points in steps: one metric may hold all points of a request. */
export function metricReader(readOne: ReadOnePoint): ReadItem<MetricPoint> {
  return (items, place, end) => readMetric(items, place, end, readOne);
}

function* readMetric(items: ProtoItems<MetricPoint>, place: Place, end: number, readOne: ReadOnePoint): Steps<void> {
  const { reader } = items;
  const names = readNames(reader, end);
  while (reader.next(end)) {
    const points = kinds[reader.field];
    if (points === undefined) reader.skip();
    else yield* readPoints(items, { place, ...names, field: reader.field, ...points }, reader.enter(), readOne);
  }
  reader.leave(end);
}

/** Name and unit of a metric, and where they are in the request. */
interface Names {
  name: string;
  nameStart: number;
  nameEnd: number;
  unit: string;
  unitStart: number;
  unitEnd: number;
}

function readNames(reader: WireReader, end: number): Names {
  const names: Names = { name: '', nameStart: 0, nameEnd: 0, unit: '', unitStart: 0, unitEnd: 0 };
  peek(reader, end, () => {
    if (reader.field === 1) {
      names.name = boundedText(reader.text(), metricTextLength);
      names.nameEnd = reader.pos;
      names.nameStart = reader.pos - reader.lastLength;
    } else if (reader.field === 3) {
      names.unit = boundedText(reader.text(), metricTextLength);
      names.unitEnd = reader.pos;
      names.unitStart = reader.pos - reader.lastLength;
    } else reader.skip();
  });
  return names;
}

interface OpenMetric extends Readonly<Names> {
  readonly place: Place;
  readonly field: number;
  readonly kind: MetricKind;
  readonly read: ReadPoint;
}

/** The points of one kind in a metric. */
export interface OpenPoints extends OpenMetric {
  readonly head: MetricHead;
}

function* readPoints(
  items: ProtoItems<MetricPoint>,
  metric: OpenMetric,
  end: number,
  readOne: ReadOnePoint,
): Steps<void> {
  const { reader } = items;
  let temporality = 0;
  let monotonic = false;
  peek(reader, end, () => {
    if (reader.field === 2) temporality = reader.number();
    else if (reader.field === 3) monotonic = reader.number() !== 0;
    else reader.skip();
  });
  const head: MetricHead = {
    name: metric.name,
    unit: metric.unit,
    kind: metric.kind,
    monotonic,
    temporality: temporalities[temporality] ?? 'unspecified',
  };
  const points = { ...metric, head };
  let read = 0;
  for (const pointEnd of fieldsOf(reader, end, 1)) {
    readOne(items, points, pointEnd);
    read++;
    if (read % itemsPerStep === 0) yield;
  }
}

/** Reads a point of any form by way of an object. Ordinary ones are transcoded instead: see transcode/point.ts. */
export function readOnePoint(items: ProtoItems<MetricPoint>, metric: OpenPoints, end: number): void {
  const { reader, rules, batch } = items;
  const { head, place } = metric;
  const start = reader.pos;
  rules.spendItem();
  reader.beginItem();
  const raw = () => place.raw(metricOfOnePoint(metric, reader.buffer.subarray(start, end)));
  try {
    const parts = readPointParts(items, metric, end);
    const problem = place.problem ?? pointProblem(head, parts, rules);
    if (problem !== null) batch.refuse(problem, raw);
    else batch.add(toPoint(head, parts, place.resource, rules));
  } catch (error) {
    if (!(error instanceof RefusedItem)) throw error;
    reader.pos = end;
    batch.refuse(error.problem, raw);
  }
}

function readPointParts(
  { reader, rules }: ProtoItems<MetricPoint>,
  { read, kind }: Pick<OpenMetric, 'read' | 'kind'>,
  end: number,
): PointParts {
  const parts = emptyPoint(kind);
  const sink = { attributes: parts.attributes, count: 0 };
  while (reader.next(end)) read(reader, parts, sink, rules);
  reader.leave(end);
  parts.attributeCount = sink.count;
  return parts;
}

function readNumberField(reader: WireReader, point: PointParts, sink: Sink, rules: ItemRules): void {
  if (reader.field === 2) point.startNs = reader.fixed64();
  else if (reader.field === 3) point.timeNs = reader.fixed64();
  else if (reader.field === 4) point.value = reader.double();
  else if (reader.field === 6) point.value = Number(reader.sfixed64());
  else if (reader.field === 7) readAttribute(reader, sink, rules);
  else if (reader.field === 8) readFlags(reader, point);
  else reader.skip();
}

/** Bit 0 means "no recorded value" (the series ended). A zero would be a wrong measurement. */
function readFlags(reader: WireReader, point: PointParts): void {
  const flags = reader.number();
  if (flags === 0) return;
  point.detail['flags'] = flags;
  if ((flags & 1) === 1) point.value = Number.NaN;
}

function readHistogramField(reader: WireReader, point: PointParts, sink: Sink, rules: ItemRules): void {
  const { buffer } = reader;
  if (reader.field === 2) point.startNs = reader.fixed64();
  else if (reader.field === 3) point.timeNs = reader.fixed64();
  else if (reader.field === 4) point.count = asLong(reader.fixed64());
  else if (reader.field === 5) point.sum = reader.double();
  else if (reader.field === 6) reader.eachFixed64((at) => point.bucketCounts.push(asLong(buffer.readBigUInt64LE(at))));
  else if (reader.field === 7) reader.eachFixed64((at) => point.bounds.push(buffer.readDoubleLE(at)));
  else if (reader.field === 9) readAttribute(reader, sink, rules);
  else if (reader.field === 10) readFlags(reader, point);
  else if (reader.field === 11) point.detail['min'] = jsonNumber(reader.double());
  else if (reader.field === 12) point.detail['max'] = jsonNumber(reader.double());
  else reader.skip();
}

/** Avro's integers are signed. No real count exceeds 2^63, and one that does could not be encoded. */
export function asLong(value: bigint): bigint {
  const limit = 2n ** 63n - 1n;
  return value > limit ? limit : value < 0n ? 0n : value;
}

function readExponentialField(reader: WireReader, point: PointParts, sink: Sink, rules: ItemRules): void {
  const { detail } = point;
  if (reader.field === 1) readAttribute(reader, sink, rules);
  else if (reader.field === 2) point.startNs = reader.fixed64();
  else if (reader.field === 3) point.timeNs = reader.fixed64();
  else if (reader.field === 4) point.count = asLong(reader.fixed64());
  else if (reader.field === 5) point.sum = reader.double();
  else if (reader.field === 6) detail['scale'] = zigzag(reader.number());
  else if (reader.field === 7) detail['zeroCount'] = reader.fixed64().toString();
  else if (reader.field === 8) detail['positive'] = readBuckets(reader, rules);
  else if (reader.field === 9) detail['negative'] = readBuckets(reader, rules);
  else if (reader.field === 10) readFlags(reader, point);
  else if (reader.field === 12) detail['min'] = jsonNumber(reader.double());
  else if (reader.field === 13) detail['max'] = jsonNumber(reader.double());
  else if (reader.field === 14) detail['zeroThreshold'] = reader.double();
  else reader.skip();
}

function zigzag(value: number): number {
  return (value >>> 1) ^ -(value & 1);
}

function readBuckets(reader: WireReader, rules: ItemRules): { offset: number; bucketCounts: string[] } {
  const end = reader.enter();
  const buckets = { offset: 0, bucketCounts: [] as string[] };
  while (reader.next(end)) {
    if (reader.field === 1) buckets.offset = zigzag(reader.number());
    else if (reader.field === 2) readCounts(reader, rules, buckets.bucketCounts);
    else reader.skip();
  }
  reader.leave(end);
  return buckets;
}

function readCounts(reader: WireReader, rules: ItemRules, counts: string[]): void {
  const { itemParts } = rules.limits;
  if (reader.wireType === 0) {
    reader.countPart(itemParts);
    counts.push(BigInt.asUintN(64, reader.int64()).toString());
    return;
  }
  const end = reader.enter();
  reader.wireType = 0;
  while (reader.pos < end) {
    reader.countPart(itemParts);
    counts.push(BigInt.asUintN(64, reader.int64()).toString());
  }
  reader.leave(end);
}

function readSummaryField(reader: WireReader, point: PointParts, sink: Sink, rules: ItemRules): void {
  if (reader.field === 2) point.startNs = reader.fixed64();
  else if (reader.field === 3) point.timeNs = reader.fixed64();
  else if (reader.field === 4) point.count = asLong(reader.fixed64());
  else if (reader.field === 5) point.sum = reader.double();
  else if (reader.field === 6) readQuantile(reader, point, rules);
  else if (reader.field === 7) readAttribute(reader, sink, rules);
  else if (reader.field === 8) readFlags(reader, point);
  else reader.skip();
}

function readQuantile(reader: WireReader, point: PointParts, rules: ItemRules): void {
  reader.countPart(rules.limits.itemParts);
  const end = reader.enter();
  const entry: { quantile: number | string; value: number | string } = { quantile: 0, value: 0 };
  while (reader.next(end)) {
    if (reader.field === 1) entry.quantile = jsonNumber(reader.double());
    else if (reader.field === 2) entry.value = jsonNumber(reader.double());
    else reader.skip();
  }
  reader.leave(end);
  const list = point.detail['quantileValues'];
  if (Array.isArray(list)) list.push(entry);
  else point.detail['quantileValues'] = [entry];
}

/** A `Metric` with one point, so that a refused point can be sent again without the accepted ones. */
function metricOfOnePoint(metric: OpenPoints, point: Buffer): Buffer {
  const { head } = metric;
  const temporality = Buffer.from([2 << 3, temporalities.indexOf(head.temporality)]);
  const monotonic = Buffer.from([3 << 3, head.monotonic ? 1 : 0]);
  const data = Buffer.concat([
    protoField(1, point),
    ...(head.kind === 'gauge' || head.kind === 'summary' ? [] : [temporality]),
    ...(head.kind === 'sum' ? [monotonic] : []),
  ]);
  const name = protoField(1, Buffer.from(metric.name));
  return Buffer.concat([name, protoField(3, Buffer.from(metric.unit)), protoField(metric.field, data)]);
}
