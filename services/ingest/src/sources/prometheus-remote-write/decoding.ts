/** What the parts of the decoder share: its surroundings, its place in the request, and the field numbers of the version. */
import type { Labels } from '@faultline/model';
import type { MetricTypes } from '../../metric-types.ts';
import type { Sender } from '../../sender-cache.ts';
import type { ItemRules } from '../otlp/validity.ts';
import type { WireReader } from '../otlp/wire.ts';
import type { SampleForm, WriteBatch } from './batch.ts';
import type { SymbolTable } from './labels.ts';
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
export interface Fields {
  /** Symbols in 2.0, metadata in 1.0. */
  readonly table: number;
  readonly series: number;
  readonly samples: number;
  readonly histograms: number;
  readonly exemplars: number;
}

export const fieldsByVersion: Readonly<Record<Version, Fields>> = {
  '1.0': { table: 3, series: 1, samples: 2, histograms: 4, exemplars: 3 },
  '2.0': { table: 4, series: 5, samples: 2, histograms: 3, exemplars: 4 },
};

export interface Decoding extends DecodeOptions {
  readonly reader: WireReader;
  readonly fields: Fields;
  readonly symbols: SymbolTable;
  readonly batch: WriteBatch;
}

/** What a field of a series is; null: no sample. */
export function formOf(field: number, { samples, histograms }: Fields): SampleForm | null {
  if (field === samples) return 'samples';
  return field === histograms ? 'histograms' : null;
}
