import { describe, expect, it } from 'vitest';
import { plainRecords } from '../../testing/plain.ts';
import { type Fixture, receivedAtMs, routeOf, testContext, testRequest, testSource } from '../../testing/source.ts';
import { prometheusRemoteWrite } from './index.ts';
import { contentTypeOf, encodeWrite, encodeWrite1, encodeWrite2, type PlainSeries } from './testing/encode.ts';
import { versionOf } from './version.ts';

const path = '/ingest/prometheus/api/v1/write';
const timestamp = receivedAtMs - 1000;
const timeNs = BigInt(timestamp) * 1_000_000n;
const target = { job: 'checkout', instance: '10.0.0.5:8080' };
const named = (name: string, labels: object = {}) => ({ __name__: name, ...target, ...labels });
const samples = [{ value: 4.5, timestamp }];

const type1 = contentTypeOf('prometheus.WriteRequest');
const type2 = contentTypeOf('io.prometheus.write.v2.Request');
type Version = '1.0' | '2.0';

function accept(version: Version, body: Buffer, context = testContext()) {
  const [contentType, header] = ['application/x-protobuf', version === '1.0' ? type1 : type2];
  const request = testRequest({ contentType, headers: { 'content-type': header }, body });
  const route = routeOf(prometheusRemoteWrite, path);
  const result = route.accept(request, context);
  if (!result.ok) throw new Error(result.problem.reason);
  const { metrics } = plainRecords(result.records);
  const { resources = [], items = [] } = metrics ?? {};
  return { ...result, resources, points: items, reply: route.replyAccepted(result, request) };
}

const write = (version: Version, series: readonly PlainSeries[]) =>
  accept(version, version === '1.0' ? encodeWrite1(series) : encodeWrite2(series));

const fixture = (name: string, rest: Partial<Fixture> & Pick<Fixture, 'body'>): Fixture => ({
  name,
  path,
  contentType: 'application/x-protobuf',
  ...rest,
});

testSource(prometheusRemoteWrite, [
  fixture('1.0', {
    body: encodeWrite1([{ labels: named('up'), samples }]),
    records: { metrics: { resources: [{ entities: { service: 'checkout' } }], items: [{ metric: 'up', value: 4.5 }] } },
  }),
  fixture('2.0', {
    headers: { 'content-type': type2 },
    body: encodeWrite2([{ labels: named('up'), samples }]),
    records: { metrics: { resources: [{ entities: { service: 'checkout' } }], items: [{ metric: 'up', value: 4.5 }] } },
  }),
  fixture('refuses 2.0 that says it is 1.0', {
    body: encodeWrite2([{ labels: named('up'), samples }]),
    status: 400,
    reason: 'the other version',
  }),
  fixture('refuses a message that nobody knows', {
    headers: { 'content-type': 'application/x-protobuf;proto=io.prometheus.write.v3.Request' },
    body: '',
    status: 415,
    reason: 'proto=io.prometheus.write.v2.Request',
  }),
]);

it.each([
  ['application/x-protobuf', '1.0'],
  ['Application/X-Protobuf; charset=utf-8; proto="io.prometheus.write.v2.Request"', '2.0'],
  ['application/json', null],
])('reads the version of %s', (header, right) => expect(versionOf(header)).toBe(right));

describe.each(['1.0', '2.0'] as const)('version %s', (version) => {
  it('makes points of samples', () => {
    const { points, resources, bad } = write(version, [{ labels: named('queue_length', { queue: 'mail' }), samples }]);
    expect(bad).toBe(null);
    expect(points).toEqual([
      {
        ...{ resource: 0, metric: 'queue_length', unit: '', kind: 'gauge', timeNs, startNs: 0n, value: 4.5 },
        ...{ attributes: { queue: 'mail' }, count: 0n, sum: 0, monotonic: false, temporality: 'unspecified' },
        ...{ bounds: [], bucketCounts: [], detail: '' },
      },
    ]);
    expect(resources[0]?.attributes).toEqual({ 'service.name': 'checkout', 'service.instance.id': '10.0.0.5:8080' });
  });

  it('knows counters by their name', () => {
    const names = [
      'requests_total',
      'latency_bucket',
      'latency_sum',
      'latency_count',
      'job:errors:rate5m_sum',
      'temperature',
    ];
    const { points } = write(
      version,
      names.map((name) => ({ labels: named(name), samples })),
    );
    expect(points.map(({ kind, monotonic }) => `${kind} ${monotonic}`)).toEqual([
      ...Array(4).fill('sum true'),
      ...Array(2).fill('gauge false'),
    ]);
  });

  it('ends a series at a staleness marker, and keeps any other NaN as it is', () => {
    const stale = Buffer.alloc(8);
    stale.writeBigUInt64LE(0x7ff0000000000002n);
    const body =
      version === '1.0'
        ? encodeWrite1([{ labels: named('up'), samples: [{ value: 1e300, timestamp }] }])
        : encodeWrite2([{ labels: named('up'), samples: [{ value: 1e300, timestamp }] }]);
    const marker = Buffer.alloc(8);
    marker.writeDoubleLE(1e300);
    stale.copy(body, body.indexOf(marker));
    expect(accept(version, body).points).toMatchObject([{ value: Number.NaN, detail: '{"flags":1}' }]);
    const [other] = write(version, [{ labels: named('ratio'), samples: [{ value: Number.NaN, timestamp }] }]).points;
    expect(other).toMatchObject({ value: Number.NaN, detail: '' });
  });

  it('keeps samples that are out of order, and refuses those out of time', () => {
    const times = [timestamp, timestamp - 3_600_000, timestamp - 90 * 86_400_000, timestamp - 60_000];
    const { points, bad } = write(version, [
      { labels: named('up'), samples: times.map((at) => ({ value: 1, timestamp: at })) },
    ]);
    expect(points.map((point) => Number(point.timeNs / 1_000_000n))).toEqual([times[0], times[1], times[3]]);
    expect([bad?.count, bad?.problems[0]?.code]).toEqual([1, 'INGEST_UNUSABLE_TIME']);
  });

  it('answers what was refused, and keeps it as a request of its own', () => {
    const histograms = [{ countInt: 1, sum: 1, schema: 99, timestamp }];
    const { bad, reply } = write(version, [
      { labels: named('up'), samples: [...samples, ...samples] },
      { labels: { job: 'nameless' }, samples },
      { labels: named('odd'), histograms },
    ]);
    expect(reply).toMatchObject({ status: 400, body: expect.stringContaining('2 refused') });
    const counts = {
      'x-prometheus-remote-write-samples-written': '2',
      'x-prometheus-remote-write-histograms-written': '0',
    };
    expect(reply.headers).toEqual(
      version === '1.0' ? {} : { ...counts, 'x-prometheus-remote-write-exemplars-written': '0' },
    );
    const again = accept('1.0', Buffer.from(bad?.payload(10_000) ?? []));
    expect(again.bad?.problems).toEqual(bad?.problems);
    expect(again.points).toEqual([]);
  });

  it('refuses labels that cannot be those of a series', () => {
    const tooMany = Object.fromEntries(Array.from({ length: 1100 }, (_, index) => [`l${index}`, 'v']));
    const { bad } = write(version, [
      { labels: { __name__: 'up', '': 'x' }, samples },
      { labels: named('up', tooMany), samples },
    ]);
    expect(bad?.problems.map(({ code }) => code)).toEqual(['INGEST_INVALID', 'INGEST_TOO_MANY_LABELS']);
  });

  it('reads native histograms with exponential buckets', () => {
    const histogram = {
      ...{
        countInt: 9,
        sum: 18,
        schema: 3,
        zeroThreshold: 0.001,
        zeroCountInt: 2,
        timestamp,
        startTimestamp: timestamp - 5000,
      },
      positiveSpans: [
        { offset: -1, length: 2 },
        { offset: 2, length: 1 },
      ],
      positiveDeltas: [1, 2, -1],
      negativeSpans: [{ offset: 4, length: 1 }],
      negativeDeltas: [1],
    };
    const { points, written } = write(version, [{ labels: named('latency'), histograms: [histogram] }]);
    expect(points).toMatchObject([
      {
        kind: 'exponentialHistogram',
        count: 9n,
        sum: 18,
        value: 2,
        temporality: 'cumulative',
        startNs: timeNs - 5_000_000_000n,
      },
    ]);
    expect(JSON.parse(points[0]?.detail ?? '')).toEqual({
      ...{ scale: 3, zeroCount: '2', zeroThreshold: 0.001 },
      positive: { offset: -2, bucketCounts: ['1', '3', '0', '0', '2'] },
      negative: { offset: 3, bucketCounts: ['1'] },
    });
    if (version === '2.0') expect(written).toEqual({ samples: 0, histograms: 1, exemplars: 0 });
  });

  it('reads custom buckets and float counts', () => {
    const histogram = {
      ...{ countFloat: 6.2, sum: 12, schema: -53, timestamp, customValues: [0.1, 1, 10] },
      positiveSpans: [
        { offset: 1, length: 1 },
        { offset: 1, length: 1 },
      ],
      positiveCounts: [2, 4.2],
    };
    const { points } = write(version, [{ labels: named('latency'), histograms: [histogram] }]);
    expect(points).toMatchObject([
      { kind: 'histogram', count: 6n, bounds: [0.1, 1, 10], bucketCounts: [0n, 2n, 0n, 4n] },
    ]);
  });

  it.each([
    ['more counts than buckets', { positiveSpans: [{ offset: 0, length: 1 }], positiveDeltas: [1, 1] }],
    ['more buckets than counts', { positiveSpans: [{ offset: 0, length: 2 }], positiveDeltas: [1] }],
    [
      'a gap without end',
      {
        positiveSpans: [
          { offset: 0, length: 1 },
          { offset: 2 ** 30, length: 1 },
        ],
        positiveDeltas: [1, 1],
      },
    ],
    [
      'a gap that goes back',
      {
        positiveSpans: [
          { offset: 0, length: 1 },
          { offset: -5, length: 1 },
        ],
        positiveDeltas: [1, 1],
      },
    ],
    [
      'custom buckets without bounds',
      { schema: -53, positiveSpans: [{ offset: 0, length: 3 }], positiveDeltas: [1, 1, 1], customValues: [1] },
    ],
  ])('refuses %s', (_title, histogram) => {
    const { bad, points } = write(version, [
      { labels: named('h'), histograms: [{ countInt: 1, timestamp, ...histogram }] },
    ]);
    expect([bad?.count, points.length]).toEqual([1, 0]);
  });
});

describe('types of metadata', () => {
  const counter = { labels: named('pg_stat_database_commits'), samples };
  const metadata = [
    { type: 'COUNTER', metricFamilyName: 'pg_stat_database_commits' },
    { type: 'GAUGE', metricFamilyName: 'active_handles_total' },
  ];

  it('holds for later requests of the same tenant (1.0)', () => {
    const context = testContext();
    expect(accept('1.0', encodeWrite1([counter]), context).points[0]?.kind).toBe('gauge');
    expect(accept('1.0', encodeWrite1([], metadata), context).points).toEqual([]);
    expect(accept('1.0', encodeWrite1([counter]), context).points[0]?.kind).toBe('sum');
    const gauge = encodeWrite1([{ labels: named('active_handles_total'), samples }]);
    expect(accept('1.0', gauge, context).points[0]?.kind).toBe('gauge');
    expect(accept('1.0', gauge).points[0]?.kind).toBe('sum');
  });

  it('is beside the series (2.0)', () => {
    expect(write('2.0', [{ ...counter, metadata: { type: 'COUNTER' } }]).points[0]?.kind).toBe('sum');
  });

  it('reads the start time of a sample, and of a series before 2.0-rc.4', () => {
    const own = { ...counter, samples: [{ value: 1, timestamp, startTimestamp: timestamp - 1000 }] };
    const { points } = write('2.0', [own, { ...counter, createdTimestamp: timestamp - 2000 }]);
    expect(points.map(({ startNs }) => timeNs - startNs)).toEqual([1_000_000_000n, 2_000_000_000n]);
  });
});

it('counts exemplars that stand in a series of their own (2.0)', () => {
  const exemplars = [{ labelsRefs: [], value: 1, timestamp }];
  const { reply, points } = write('2.0', [
    { labels: named('up'), samples },
    { labels: named('up'), exemplars },
  ]);
  expect(reply).toMatchObject({ status: 204, headers: { 'x-prometheus-remote-write-exemplars-written': '1' } });
  expect(points.length).toBe(1);
});

it('refuses references that lead nowhere (2.0)', () => {
  const timeseries = [
    { labelsRefs: [1, 9], samples },
    { labelsRefs: [1, 2, 1], samples },
  ];
  const { bad } = accept(
    '2.0',
    encodeWrite('io.prometheus.write.v2.Request', { symbols: ['', '__name__', 'up'], timeseries }),
  );
  expect(bad?.problems.map(({ reason }) => reason)).toEqual(Array(2).fill(expect.stringContaining('labels_refs')));
});

describe('whom a series is about', () => {
  const subjectOf = (labels: Record<string, string>) => {
    const { resources, points } = write('1.0', [{ labels: { __name__: 'm', ...labels }, samples }]);
    return { ...resources[0], point: points[0]?.attributes };
  };

  it('is its service, in the environment of its labels', () => {
    const { entities, scope, attributes } = subjectOf({
      ...target,
      service: 'cart',
      pod: 'cart-5d89c7f6b8-x2x4z',
      env: 'prod',
      cluster: 'eu-1',
    });
    expect(scope?.environment).toBe('production');
    expect(entities).toMatchObject({ service: 'cart', pod: 'cart-5d89c7f6b8-x2x4z', cluster: 'eu-1' });
    expect(attributes).toMatchObject({ 'service.name': 'cart', 'service.instance.id': '10.0.0.5:8080' });
  });

  it('is what an exporter reports on, and never the exporter', () => {
    const { entities, attributes, point } = subjectOf({
      ...{ job: 'kube-state-metrics', instance: '10.0.0.9:8080', namespace: 'shop', deployment: 'cart' },
    });
    expect(entities).toMatchObject({ workload: 'cart', namespace: 'shop' });
    expect(attributes).toEqual({ 'faultline.sent_by': 'kube-state-metrics' });
    expect(point).toEqual({ instance: '10.0.0.9:8080', namespace: 'shop', deployment: 'cart' });
  });

  it('is the machine of a node exporter', () => {
    expect(subjectOf({ job: 'node-exporter', instance: 'db-1:9100' })).toMatchObject({
      entities: { node: 'db-1' },
      attributes: { 'service.name': 'node-exporter' },
    });
  });

  it('does not depend on the replica that scraped', () => {
    expect(subjectOf({ ...target, prometheus_replica: 'a' })).toEqual(
      subjectOf({ ...target, prometheus_replica: 'b' }),
    );
  });
});
