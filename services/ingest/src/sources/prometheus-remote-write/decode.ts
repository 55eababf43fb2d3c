/**
 * Reads `prometheus.WriteRequest` (remote write 1.0) and `io.prometheus.write.v2.Request` (2.0). Both hold series of samples, exemplars and
 * native histograms. They differ in field numbers, and in where names and types stand.
 */
import type { Labels } from '@faultline/model';
import type { MetricType, MetricTypes } from '../../metric-types.ts';
import { metricTypeNames } from '../../metric-types.ts';
import type { Sender } from '../../sender-cache.ts';
import type { Problem } from '../../source.ts';
import type { Steps } from '../../steps.ts';
import { fieldsOf, itemsPerStep } from '../otlp/proto-envelope.ts';
import { RefusedItem } from '../otlp/refused.ts';
import { boundedText, type ItemRules } from '../otlp/validity.ts';
import { WireError, WireReader } from '../otlp/wire.ts';
import { type SampleForm, WriteBatch } from './batch.ts';
import { familiesOf, kindOf } from './kind.ts';
import { labelsProblem, noLabels, type RawLabels, readLabel, readReferences, SymbolTable } from './labels.ts';
import { readHistogramPoint, readSample, type SeriesOfPoints } from './point.ts';
import type { Version } from './version.ts';

/** What decoding asks of its surroundings. */
export interface DecodeOptions {
  readonly version: Version;
  readonly rules: ItemRules;
  readonly types: Pick<MetricTypes, 'set' | 'get'>;
  readonly tenant: string;
  /** Whom a series is about. */
  readonly senderOf: (labels: Labels) => Sender;
  /** The attributes of its points. */
  readonly attributesOf: (labels: Labels, sender: Sender) => Labels;
}

/** Field numbers of a request, and of a series in it. */
interface Fields {
  /** Symbols in 2.0, metadata in 1.0. */
  readonly table: number;
  readonly series: number;
  readonly samples: number;
  readonly histograms: number;
  readonly exemplars: number;
}
const fieldsByVersion: Readonly<Record<Version, Fields>> = {
  '1.0': { table: 3, series: 1, samples: 2, histograms: 4, exemplars: 3 },
  '2.0': { table: 4, series: 5, samples: 2, histograms: 3, exemplars: 4 },
};

interface Decoding extends DecodeOptions {
  readonly reader: WireReader;
  readonly fields: Fields;
  readonly symbols: SymbolTable;
  readonly batch: WriteBatch;
}

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

/** The first walk: what series refer to may stand behind them. */
function* readTable(decoding: Decoding): Steps<void> {
  const { reader, fields, version, rules } = decoding;
  const { length } = reader.buffer;
  const other = fieldsByVersion[version === '1.0' ? '2.0' : '1.0'];
  let read = 0;
  while (reader.next(length)) {
    if (reader.field === other.series) throw otherVersion(version);
    if (reader.field !== fields.table) reader.skip();
    else if (version === '2.0') decoding.symbols.add(reader);
    else readMetadata(decoding);
    read++;
    rules.spendItem();
    if (read % itemsPerStep === 0) yield;
  }
  reader.leave(length);
  reader.pos = 0;
}

function otherVersion(version: Version): WireError {
  return new WireError(`Content-Type says remote write ${version}, and the body is of the other version`);
}

/** Longest name of a metric that is remembered. */
const maxNameLength = 256;

function readMetadata({ reader, types, tenant }: Decoding): void {
  const end = reader.enter();
  let [type, family] = [0, ''];
  while (reader.next(end)) {
    if (reader.field === 1) type = reader.number();
    else if (reader.field === 2) family = boundedText(reader.text(), maxNameLength);
    else reader.skip();
  }
  reader.leave(end);
  types.set(tenant, family, metricTypeNames[type] ?? 'unknown');
}

/** A series without its samples. */
interface SeriesHead {
  readonly labels: RawLabels;
  type: MetricType;
  startMs: bigint;
}

function* readSeries(decoding: Decoding, end: number): Steps<void> {
  const { reader, rules, batch } = decoding;
  const start = reader.pos;
  const { head, samples, exemplars } = yield* readHeads(decoding, end);
  const problem = labelsProblem(head.labels, rules);
  if (problem === null) batch.written.exemplars += exemplars;
  if (samples === 0) return;
  reader.pos = start;
  yield* readSamples(decoding, end, { labels: head.labels, points: problem ?? openSeries(decoding, head) });
}

/** The first walk over a series: samples may stand before the labels. */
function* readHeads(decoding: Decoding, end: number): Steps<{ head: SeriesHead; samples: number; exemplars: number }> {
  const { reader, fields } = decoding;
  const head: SeriesHead = { labels: noLabels(), type: 'unknown', startMs: 0n };
  let samples = 0;
  let exemplars = 0;
  for (let read = 1; reader.next(end); read++) {
    if (formOf(reader.field, fields) !== null) samples++;
    else if (reader.field === fields.exemplars) exemplars++;
    if (!readHead(decoding, head)) reader.skip();
    if (read % itemsPerStep === 0) yield* pause(decoding);
  }
  reader.leave(end);
  yield* pause(decoding);
  return { head, samples, exemplars };
}

/** Ends a step. Throws RefusedRequest when the request has used up its processor time. */
function* pause({ rules }: Decoding): Steps<void> {
  rules.spendItem();
  yield;
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

/** Reads a field that is not a sample; false when it is one, or of no use. */
function readHead({ reader, version, rules, symbols }: Decoding, head: SeriesHead): boolean {
  const { field } = reader;
  if (version === '1.0') {
    if (field === 1) readLabel(reader, head.labels, rules);
    return field === 1;
  }
  if (field === 1) readReferences(reader, head.labels, symbols, rules);
  else if (field === 5) head.type = readType(reader);
  // Until 2.0-rc.3 a series had one start time; since then each sample has its own.
  else if (field === 6) head.startMs = reader.int64();
  else return false;
  return true;
}

function readType(reader: WireReader): MetricType {
  let type = 0;
  const end = reader.enter();
  while (reader.next(end)) {
    if (reader.field === 1) type = reader.number();
    else reader.skip();
  }
  reader.leave(end);
  return metricTypeNames[type] ?? 'unknown';
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

/** A series whose samples are read, or all refused for one problem. */
interface OpenSeries {
  readonly labels: RawLabels;
  readonly points: SeriesOfPoints | Problem;
}

function formOf(field: number, { samples, histograms }: Fields): SampleForm | null {
  if (field === samples) return 'samples';
  return field === histograms ? 'histograms' : null;
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
