/** A series without its samples: labels, type, start. */
import { type MetricType, metricTypeNames } from '../../metric-types.ts';
import type { Steps } from '../../steps.ts';
import { itemsPerStep } from '../otlp/proto-envelope.ts';
import type { WireReader } from '../otlp/wire.ts';
import { type Decoding, formOf } from './decoding.ts';
import { noLabels, type RawLabels, readLabel, readReferences } from './labels.ts';

export interface SeriesHead {
  readonly labels: RawLabels;
  /** Of metadata beside the series. */
  type: MetricType;
  /** 0: not known. */
  startMs: bigint;
  samples: number;
  exemplars: number;
}

/** The first walk over a series that ends at `end`: samples may stand before the labels. */
export function* readSeriesHead(decoding: Decoding, end: number): Steps<SeriesHead> {
  const { reader, fields } = decoding;
  const head: SeriesHead = { labels: noLabels(), type: 'unknown', startMs: 0n, samples: 0, exemplars: 0 };
  for (let read = 1; reader.next(end); read++) {
    if (formOf(reader.field, fields) !== null) head.samples++;
    else if (reader.field === fields.exemplars) head.exemplars++;
    if (!readField(decoding, head)) reader.skip();
    if (read % itemsPerStep === 0) yield* pause(decoding);
  }
  reader.leave(end);
  yield* pause(decoding);
  return head;
}

/** Ends a step. Throws RefusedRequest when the request has used up its processor time. */
function* pause({ rules }: Decoding): Steps<void> {
  rules.spendItem();
  yield;
}

/** Reads a field that is not a sample; false when it is one, or of no use. */
function readField({ reader, version, rules, symbols }: Decoding, head: SeriesHead): boolean {
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
