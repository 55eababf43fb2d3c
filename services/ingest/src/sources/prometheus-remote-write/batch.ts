/** What the decoder fills: points with the senders they are about, and bad samples as parts of a request that can be sent again. */
import type { MetricPoint } from '@faultline/model';
import { EncodedItems } from '../../encode/encoded-items.ts';
import { pointItems } from '../../encode/kinds.ts';
import type { Sender } from '../../sender-cache.ts';
import type { Problem } from '../../source.ts';
import type { BadItem } from '../otlp/batch.ts';
import { protoField } from '../otlp/proto-envelope.ts';
import { RefusedRequest } from '../otlp/refused.ts';
import type { ItemRules } from '../otlp/validity.ts';
import type { LabelPair } from './labels.ts';

/** A sample or a native histogram. */
export type SampleForm = 'samples' | 'histograms';

export interface RawSample {
  readonly labels: readonly LabelPair[];
  readonly form: SampleForm;
  readonly bytes: Buffer;
}

/** Bad samples kept with their bytes; beyond this they are only counted. */
const maxKeptBad = 1000;

/** Version 2.0 writes a label in two bytes and a point repeats it: points may take this many times the bytes of the request, and a base. */
const pointBytesPerByte = 16;
const pointBytesBase = 4 * 1024 * 1024;

export class WriteBatch {
  readonly items: EncodedItems<MetricPoint>;
  readonly bad: BadItem<RawSample>[] = [];
  badCount = 0;
  readonly written = { samples: 0, histograms: 0, exemplars: 0 };
  readonly #senders = new Map<Sender, number>();
  readonly #rules: ItemRules;
  #bytesLeft: number;

  /** `sentBytes`: size of the request, decompressed. */
  constructor(rules: ItemRules, sentBytes: number) {
    this.items = new EncodedItems(pointItems, sentBytes);
    this.#rules = rules;
    this.#bytesLeft = sentBytes * pointBytesPerByte + pointBytesBase;
  }

  get senders(): readonly Sender[] {
    return [...this.#senders.keys()];
  }

  /** The index of a sender. Throws RefusedRequest above the limit. */
  indexOf(sender: Sender): number {
    const known = this.#senders.get(sender);
    if (known !== undefined) return known;
    const index = this.#senders.size;
    const most = this.#rules.limits.resources;
    if (index >= most) throw tooMany(`timeseries: expected at most ${most} targets in one request`);
    this.#senders.set(sender, index);
    return index;
  }

  /** Throws RefusedRequest above a limit. */
  add(point: MetricPoint, form: SampleForm): void {
    this.#countItem();
    this.items.add(point);
    const last = this.items.length - 1;
    this.#bytesLeft -= this.items.end(last) - this.items.start(last);
    if (this.#bytesLeft < 0) throw tooMany('timeseries: expected fewer or shorter labels; send smaller batches');
    this.written[form]++;
  }

  /** Throws RefusedRequest above the limit. */
  refuse(problem: Problem, raw: RawSample): void {
    this.#countItem();
    this.badCount++;
    if (this.bad.length < maxKeptBad) this.bad.push({ problem, raw });
  }

  #countItem(): void {
    const { items } = this.#rules.limits;
    if (this.items.length + this.badCount >= items) throw tooMany(`samples: expected at most ${items} in one request`);
  }
}

function tooMany(reason: string): RefusedRequest {
  return new RefusedRequest({ code: 'INGEST_TOO_MANY', reason });
}

/** Fields of `prometheus.TimeSeries`. */
const fieldOf: Readonly<Record<SampleForm, number>> = { samples: 2, histograms: 4 };

/** Bad samples as a request of version 1.0, whichever they came in. Ends after the sample that passes `maxBytes`. */
export function encodeSamples(samples: readonly RawSample[], maxBytes: number): Buffer {
  const series: Buffer[] = [];
  let bytes = 0;
  for (const { labels, form, bytes: sample } of samples) {
    if (bytes > maxBytes) break;
    const one = protoField(1, Buffer.concat([...labels.map(encodeLabel), protoField(fieldOf[form], sample)]));
    bytes += one.length;
    series.push(one);
  }
  return Buffer.concat(series);
}

function encodeLabel([name, value]: LabelPair): Buffer {
  return protoField(1, Buffer.concat([protoField(1, Buffer.from(name)), protoField(2, Buffer.from(value))]));
}
