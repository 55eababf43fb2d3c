/**
 * Reads `prometheus.WriteRequest` (remote write 1.0) and `io.prometheus.write.v2.Request` (2.0). Both hold series of samples, exemplars and
 * native histograms. They differ in field numbers, and in where names and types stand.
 */
import type { Labels } from '@faultline/model';
import type { MetricType } from '../../metric-types.ts';
import type { Problem } from '../../source.ts';
import type { Steps } from '../../steps.ts';
import { fieldsOf, itemsPerStep } from '../otlp/proto-envelope.ts';
import { RefusedItem } from '../otlp/refused.ts';
import { WireReader } from '../otlp/wire.ts';
import { type SampleForm, WriteBatch } from './batch.ts';
import { type DecodeOptions, type Decoding, fieldsByVersion, formOf } from './decoding.ts';
import { familiesOf, kindOf } from './kind.ts';
import { labelsProblem, type RawLabels, SymbolTable } from './labels.ts';
import { readHistogramPoint, readSample, type SeriesOfPoints } from './point.ts';
import { readSeriesHead, type SeriesHead } from './series-head.ts';
import { readTable } from './table.ts';

/** Walks a request. Throws WireError when the bytes are not this message, RefusedRequest when it is over a limit. */
export function* decodeWrite(bytes: Buffer, options: DecodeOptions): Steps<WriteBatch> {
  const { version, rules } = options;
  const decoding: Decoding = {
    ...options,
    reader: new WireReader(bytes),
    fields: fieldsByVersion[version],
    symbols: new SymbolTable(rules.limits.labelValueBytes),
    batch: new WriteBatch(rules, bytes.length),
  };
  yield* readTable(decoding);
  for (const end of fieldsOf(decoding.reader, bytes.length, decoding.fields.series)) yield* readSeries(decoding, end);
  return decoding.batch;
}

/** A series whose samples are read, or all refused for one problem. */
interface OpenSeries {
  readonly labels: RawLabels;
  readonly points: SeriesOfPoints | Problem;
}

function* readSeries(decoding: Decoding, end: number): Steps<void> {
  const { reader, rules, batch } = decoding;
  const start = reader.pos;
  const head = yield* readSeriesHead(decoding, end);
  const problem = labelsProblem(head.labels, rules);
  if (problem === null) batch.written.exemplars += head.exemplars;
  if (head.samples === 0) return;
  reader.pos = start;
  yield* readSamples(decoding, end, { labels: head.labels, points: problem ?? openSeries(decoding, head) });
}

function openSeries(decoding: Decoding, { labels, type, startMs }: SeriesHead): SeriesOfPoints {
  const { senderOf, attributesOf, batch } = decoding;
  const named = Object.fromEntries(labels.pairs);
  const { __name__: name = '' } = named;
  const sender = senderOf(withoutName(named));
  return {
    name,
    kind: kindOf(name, type === 'unknown' ? knownType(decoding, name) : type),
    attributes: attributesOf(named, sender),
    resource: batch.indexOf(sender),
    startMs,
  };
}

/** What earlier metadata said. */
function knownType({ types, tenant }: Decoding, name: string): MetricType {
  const known = familiesOf(name).map((family) => types.get(tenant, family));
  return known.find((type) => type !== 'unknown') ?? 'unknown';
}

function withoutName({ __name__: _name, ...labels }: Record<string, string>): Labels {
  return labels;
}

function* readSamples(decoding: Decoding, end: number, series: OpenSeries): Steps<void> {
  const { reader, fields } = decoding;
  for (let read = 1; reader.next(end); read++) {
    const form = formOf(reader.field, fields);
    if (form === null) reader.skip();
    else readOne(decoding, form, series);
    if (read % itemsPerStep === 0) yield;
  }
  reader.leave(end);
}

function readOne({ reader, rules, batch }: Decoding, form: SampleForm, { labels, points }: OpenSeries): void {
  const end = reader.enter();
  const raw = { labels: labels.pairs, form, bytes: reader.buffer.subarray(reader.pos, end) };
  rules.spendItem();
  reader.beginItem();
  try {
    const read = form === 'samples' ? readSample : readHistogramPoint;
    const found = 'code' in points ? points : read(reader, end, points, rules);
    if ('code' in found) batch.refuse(found, raw);
    else batch.add(found, form);
  } catch (error) {
    if (!(error instanceof RefusedItem)) throw error;
    batch.refuse(error.problem, raw);
  }
  reader.pos = end;
}
