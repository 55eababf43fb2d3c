import { describe, expect, it } from 'vitest';
import { receivedAtMs, routeOf, testContext, testRequest } from '../../testing/source.ts';
import { otlp } from './index.ts';
import { encodeOtlp } from './testing/encode.ts';
import { accept, attribute, json, log, logs, metricsRequest, ns, protobuf, span, traces } from './testing/sample.ts';

const badSpans: readonly (readonly [string, object, string])[] = [
  ['a trace id of zeros', { traceId: '0'.repeat(32) }, 'traceId'],
  ['a short trace id', { traceId: 'ab' }, 'traceId'],
  ['no span id', { spanId: '' }, 'spanId'],
  ['a start in 1970', { startTimeUnixNano: '1000' }, 'startTimeUnixNano'],
  ['an end in 2100', { endTimeUnixNano: `${BigInt(Date.UTC(2100, 0)) * 1_000_000n}` }, 'endTimeUnixNano'],
  [
    '10,000 attributes',
    { attributes: Array.from({ length: 10_000 }, (_, i) => attribute(`a${i}`, { intValue: '1' })) },
    'attributes',
  ],
  ['a value nested too deep', { attributes: [attribute('deep', nestedValue(20))] }, 'attributes'],
];

function nestedValue(depth: number): object {
  return depth === 0 ? { stringValue: 'x' } : { arrayValue: { values: [nestedValue(depth - 1)] } };
}

describe.each([json, protobuf])('bad spans never sink the batch (%s)', (contentType) => {
  const encoded = (request: object) => (contentType === json ? request : encodeOtlp('traces', request));
  const context = testContext();
  const deep = { ...context, config: { ...context.config, limits: { ...context.config.limits, jsonDepth: 1000 } } };
  it.each(badSpans)('%s', (_name, wrong, field) => {
    const body = encoded(traces([span, { ...span, ...wrong }, span]));
    const result = routeOf(otlp, '/v1/traces').accept(testRequest({ contentType, body }), deep);
    if (!result.ok) throw new Error(result.problem.reason);
    expect(result.records.spans?.items.length).toBe(2);
    expect(result.bad?.problems).toEqual([expect.objectContaining({ reason: expect.stringContaining(field) })]);
    const again = routeOf(otlp, '/v1/traces').accept(
      testRequest({ contentType, body: Buffer.from(result.bad?.payload(1_000_000) ?? []) }),
      deep,
    );
    expect(again).toMatchObject({ ok: true, bad: { count: 1 }, records: { spans: { items: { length: 0 } } } });
  });
});

it('a negative time is told as what it is, a number that cannot be', () => {
  const result = accept('/v1/traces', traces([{ ...span, startTimeUnixNano: -5 }]));
  expect(result.bad?.problems[0]?.code).toBe('INGEST_UNUSABLE_TIME');
});

it('an end before the start is kept with duration 0, and says so', () => {
  const [item] = accept('/v1/traces', traces([{ ...span, endTimeUnixNano: ns(-101) }])).plain.spans?.items ?? [];
  expect(item).toMatchObject({ durationNs: 0n, attributes: { 'faultline.negative_duration_ns': '-1000000' } });
});

it.each([
  ['its own time', {}, ns(-50), true],
  ['the time observed', { timeUnixNano: '0' }, ns(-40), true],
  [
    'the time of receipt',
    { timeUnixNano: '5', observedTimeUnixNano: `${2n ** 63n}` },
    `${BigInt(receivedAtMs) * 1_000_000n}`,
    false,
  ],
])('a log record takes %s', (_name, wrong, expected, timeKnown) => {
  const [item] = accept('/v1/logs', logs([{ ...log, ...wrong }])).plain.logs?.items ?? [];
  expect(item).toMatchObject({ timeNs: BigInt(expected), timeKnown });
});

it('a refused point is kept without its good neighbours', () => {
  const gauge = {
    name: 'cpu',
    unit: '1',
    gauge: {
      dataPoints: [
        { timeUnixNano: ns(0), asDouble: 1 },
        { timeUnixNano: '1', asDouble: 2 },
      ],
    },
  };
  for (const [body, type] of [
    [metricsRequest([gauge]), json],
    [encodeOtlp('metrics', metricsRequest([gauge])), protobuf],
  ] as const) {
    const result = accept('/v1/metrics', body, type);
    expect(result.plain.metrics?.items.length).toBe(1);
    const again = accept('/v1/metrics', Buffer.from(result.bad?.payload(1_000_000) ?? []), type);
    expect([again.plain.metrics?.items.length, again.bad?.count]).toEqual([0, 1]);
  }
});

it('text that is not UTF-8 is mended, not refused', () => {
  const bytes = encodeOtlp('traces', traces([{ ...span, name: 'XXXX' }]));
  bytes.fill(0xff, bytes.indexOf('XXXX'), bytes.indexOf('XXXX') + 4);
  expect(accept('/v1/traces', bytes, protobuf).plain.spans?.items[0]?.name).toBe('\ufffd'.repeat(4));
});
