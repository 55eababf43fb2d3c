/** Random export requests in OTLP/JSON: mostly ordinary items, each field at times missing, odd or bad. */
import { receivedAtMs } from '../../../testing/source.ts';

type Draw = () => number;

const pick = <Value>(draw: Draw, values: readonly Value[]): Value =>
  values[Math.floor(draw() * values.length)] as Value;
const listOf = <Value>(draw: Draw, most: number, make: () => Value): Value[] =>
  Array.from({ length: Math.floor(draw() * (most + 1)) }, make);

const texts = ['', 'a', 'GET /cart', 'é', '日本', 'x'.repeat(40), 'x'.repeat(100), '0', '__proto__'];
const keys = ['a', 'http.route', 'node_id', 'istio.canonical_service', 'span.kind', 'é', 'k'.repeat(40), '__proto__'];
const times = [
  '0',
  `${receivedAtMs}000000`,
  `${receivedAtMs - 5}999999`,
  `${receivedAtMs}123456`,
  '1',
  '18446744073709551615',
];

function anyValue(draw: Draw, depth = 0): object {
  const simple = [
    { stringValue: pick(draw, texts) },
    { stringValue: 'plain' },
    { intValue: pick(draw, ['0', '5', '200', '8080', '268435456', '-1', '9007199254740993']) },
    { boolValue: draw() < 0.5 },
    { doubleValue: pick(draw, [0, 0.5, -1e300]) },
    { bytesValue: 'aGVsbG8=' },
    {},
  ];
  if (draw() < 0.8 || depth > 3) return pick(draw, simple);
  if (draw() < 0.5) return { arrayValue: { values: listOf(draw, 3, () => anyValue(draw, depth + 1)) } };
  return {
    kvlistValue: { values: listOf(draw, 3, () => ({ key: pick(draw, keys), value: anyValue(draw, depth + 1) })) },
  };
}

const attributesOf = (draw: Draw) =>
  listOf(draw, draw() < 0.05 ? 25 : 5, () => ({ key: pick(draw, keys), value: anyValue(draw) }));
const idOf = (draw: Draw, bytes: number) =>
  pick(draw, ['a1'.repeat(bytes), 'b2'.repeat(bytes), 'c3'.repeat(bytes), '00'.repeat(bytes), 'd4', '']);
const often = (draw: Draw, usual: string, odd: () => string) => (draw() < 0.8 ? usual : odd());

function spanOf(draw: Draw): object {
  return {
    traceId: often(draw, 'a1'.repeat(16), () => idOf(draw, 16)),
    spanId: often(draw, 'b2'.repeat(8), () => idOf(draw, 8)),
    parentSpanId: idOf(draw, 8),
    name: pick(draw, texts),
    kind: Math.floor(draw() * 6),
    startTimeUnixNano: often(draw, `${receivedAtMs - 7}000001`, () => pick(draw, times)),
    endTimeUnixNano: often(draw, `${receivedAtMs}000000`, () => pick(draw, times)),
    traceState: pick(draw, texts),
    attributes: attributesOf(draw),
    events:
      draw() < 0.8
        ? []
        : [{ timeUnixNano: pick(draw, times), name: pick(draw, texts), attributes: attributesOf(draw) }],
    links: draw() < 0.8 ? [] : [{ traceId: idOf(draw, 16), spanId: idOf(draw, 8), attributes: attributesOf(draw) }],
    status: draw() < 0.5 ? {} : { code: Math.floor(draw() * 3), message: pick(draw, texts) },
  };
}

function logOf(draw: Draw): object {
  return {
    timeUnixNano: pick(draw, times),
    observedTimeUnixNano: pick(draw, times),
    severityNumber: Math.floor(draw() * 25),
    severityText: pick(draw, texts),
    body: anyValue(draw),
    attributes: attributesOf(draw),
    traceId: idOf(draw, 16),
    spanId: idOf(draw, 8),
  };
}

function pointOf(draw: Draw): object {
  return {
    attributes: attributesOf(draw),
    startTimeUnixNano: pick(draw, times),
    timeUnixNano: often(draw, `${receivedAtMs}000000`, () => pick(draw, times)),
    ...(draw() < 0.1 ? { flags: 1 } : {}),
  };
}

const numberPoint = (draw: Draw) => ({
  ...pointOf(draw),
  ...pick<object>(draw, [{ asDouble: 0.25 }, { asInt: '42' }, { asInt: '-9007199254740993' }, {}]),
});
const histogramPoint = (draw: Draw) => ({
  ...pointOf(draw),
  count: pick(draw, ['0', '3', '9007199254740993', '18446744073709551615']),
  ...(draw() < 0.8 ? { sum: 6.5 } : {}),
  ...pick<object>(draw, [
    { bucketCounts: ['1', '2', '0'], explicitBounds: [1, 5] },
    { bucketCounts: ['1'], explicitBounds: [1, 5] },
    { bucketCounts: ['18446744073709551615'] },
    {},
  ]),
  ...(draw() < 0.5 ? { min: 0.5, max: 4 } : {}),
});

function metricOf(draw: Draw): object {
  const temporality = { aggregationTemporality: Math.floor(draw() * 3) };
  const data = pick<() => object>(draw, [
    () => ({ gauge: { dataPoints: listOf(draw, 4, () => numberPoint(draw)) } }),
    () => ({
      sum: { ...temporality, isMonotonic: draw() < 0.5, dataPoints: listOf(draw, 4, () => numberPoint(draw)) },
    }),
    () => ({ histogram: { ...temporality, dataPoints: listOf(draw, 4, () => histogramPoint(draw)) } }),
    () => ({ summary: { dataPoints: [{ ...pointOf(draw), count: '2', sum: 3 }] } }),
  ]);
  return { name: pick(draw, texts), unit: pick(draw, texts), ...data() };
}

const makers = {
  traces: ['resourceSpans', 'scopeSpans', 'spans', spanOf],
  logs: ['resourceLogs', 'scopeLogs', 'logRecords', logOf],
  metrics: ['resourceMetrics', 'scopeMetrics', 'metrics', metricOf],
} as const;

/** An export request of some resources with some items each. */
export function randomRequest(signal: keyof typeof makers, draw: Draw): object {
  const [resources, scopes, items, make] = makers[signal];
  const scopeOf = () => ({ scope: { name: pick(draw, texts) }, [items]: listOf(draw, 6, () => make(draw)) });
  const resourceOf = () => ({ resource: { attributes: attributesOf(draw) }, [scopes]: listOf(draw, 2, scopeOf) });
  return { [resources]: listOf(draw, 4, resourceOf) };
}
