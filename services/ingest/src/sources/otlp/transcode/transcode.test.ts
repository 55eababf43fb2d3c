/** The transcoders must make of any bytes what the decoders make of them. */
import { describe, expect, it } from 'vitest';
import { ingestConfig } from '../../../config.ts';
import type { AnyItem } from '../../../encode/encoded-items.ts';
import { logItems, pointItems, spanItems } from '../../../encode/kinds.ts';
import { SenderCache } from '../../../sender-cache.ts';
import { finish } from '../../../steps.ts';
import { receivedAtMs } from '../../../testing/source.ts';
import { readLog } from '../logs.ts';
import { metricReader, readOnePoint } from '../metrics.ts';
import { decodeProto, type ProtoSignal } from '../proto-envelope.ts';
import { RefusedRequest } from '../refused.ts';
import { readSpan } from '../spans.ts';
import { encodeOtlp } from '../testing/encode.ts';
import { randomRequest } from '../testing/random-request.ts';
import { itemRules } from '../validity.ts';
import { WireError } from '../wire.ts';
import { transcodeLog } from './log.ts';
import { transcodePoint } from './point.ts';
import { transcodeSpan } from './span.ts';

const { limits } = ingestConfig.parse({ limits: { attributes: 20, textBytes: 60, labelValueBytes: 30 } });
/** Not for damaged bytes: whatever comes after a value that is too deep, the decoder does not read. */
const shallow = { ...limits, valueDepth: 3 };

/** What a request became, or how it was refused. */
function outcomeOf<Item extends AnyItem>(bytes: Buffer, signal: ProtoSignal<Item>, bounds = limits): object {
  const rules = itemRules({ limits: bounds, receivedAtMs, senders: new SenderCache(), spendItem: () => {} });
  try {
    const { telemetry, bad, badCount } = finish(decodeProto(bytes, rules, signal));
    return { items: [...telemetry.items], resources: telemetry.resources, bad, badCount };
  } catch (error) {
    if (error instanceof WireError || error instanceof RefusedRequest) return { refusal: error.constructor.name };
    throw error;
  }
}

function drawFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Changes some bytes: what stays readable has odd values, and fields where none should be. */
function damaged(bytes: Buffer, draw: () => number): Buffer {
  const copy = Buffer.from(bytes);
  for (let change = 0; change < 3; change++) copy[Math.floor(draw() * copy.length)] = Math.floor(draw() * 256);
  return copy;
}

function compare<Item extends AnyItem>(
  signal: 'traces' | 'logs' | 'metrics',
  fast: ProtoSignal<Item>,
  slow: ProtoSignal<Item>,
): void {
  it.each([1, 2, 3, 4, 5])(`${signal} (seed %i)`, (seed) => {
    const draw = drawFrom(seed);
    for (let round = 0; round < 60; round++) {
      const whole = encodeOtlp(signal, randomRequest(signal, draw));
      expect(outcomeOf(whole, fast, shallow)).toEqual(outcomeOf(whole, slow, shallow));
      for (const bytes of [whole, damaged(whole, draw), damaged(whole, draw)])
        expect(outcomeOf(bytes, fast)).toEqual(outcomeOf(bytes, slow));
    }
  });
}

describe('a transcoded request is the decoded one', () => {
  compare('traces', { kind: spanItems, readItem: transcodeSpan }, { kind: spanItems, readItem: readSpan });
  compare('logs', { kind: logItems, readItem: transcodeLog }, { kind: logItems, readItem: readLog });
  compare(
    'metrics',
    { kind: pointItems, readItem: metricReader(transcodePoint) },
    { kind: pointItems, readItem: metricReader(readOnePoint) },
  );
});
