/** A system too large for one result: the result covers the neighbourhood, and equals a plain count over the rows. */
import { bucketOf, type Histogram } from '@faultline/model';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type EdgeWindowRow, type TraceRow, windowStartMs } from '../rows.ts';
import { minute, query } from '../testing/query.ts';
import { baseMs, gauge, openTestStore, type TestStore, tenant, trace } from '../testing/rows.ts';
import { chooseNeighbourhood } from './neighbourhood.ts';

const scope = { tenant, environment: 'large' };
const size = 80;
const name = (index: number) => `svc-${index % size}`;
const names = Array.from({ length: size }, (_, index) => name(index));
const nodeOf = (service: string) => `node-${Number(service.slice(4)) % 20}`;
const secondOf = (at: number, index: number) => (at * 37 + index * 11) % 720;
const selected = { ...query, scope, focus: { services: ['svc-5'], instances: ['svc-40-1'], nodes: [] } };

const spans: readonly TraceRow[] = names.flatMap((ServiceName, index) =>
  Array.from({ length: 30 }, (_, at) =>
    trace(baseMs + secondOf(at, index) * 1000, {
      Environment: 'large',
      ServiceName,
      Instance: `${ServiceName}-${at % 2}`,
      Node: nodeOf(ServiceName),
      Operation: `op${at % 3}`,
      // Errors in the baseline only, so none has more errors than before.
      StatusCode: at % 7 === 0 && secondOf(at, index) < 600 ? 'Error' : 'Ok',
      Duration: BigInt(1_000_000 * (1 + ((at * index) % 50))),
    }),
  ),
);
const edges: readonly EdgeWindowRow[] = names.flatMap((Caller, index) =>
  [0, 299, 300, 630].map((second) => ({
    Tenant: tenant,
    Environment: 'large',
    WindowStart: baseMs + Math.floor(second / 10) * 10_000,
    Caller,
    Callee: name(index + 1),
    CallerInstance: '',
    CalleeInstance: '',
    Operation: 'op',
    Source: 'trace' as const,
    Calls: 2,
    Errors: 1,
    Duration: [[80 + (index % 3), 2]] as Histogram,
    Gap: [[8, 2]] as Histogram,
    LastSeen: baseMs + second * 1000,
  })),
);

let opened: TestStore;
beforeAll(async () => {
  opened = await openTestStore();
  const gauges = names.map((ServiceName) =>
    gauge(baseMs + 6 * minute, {
      Environment: 'large',
      ServiceName,
      Node: nodeOf(ServiceName),
      Instance: `${ServiceName}-0`,
    }),
  );
  // One exporter for all nodes, which makes no calls.
  for (const node of new Set(names.map(nodeOf)))
    gauges.push(
      gauge(baseMs + 6 * minute, { Environment: 'large', ServiceName: 'exporter', Node: node, Instance: node }),
    );
  await opened.store.insert([
    { table: 'otel_traces', token: `${tenant}/large/1`, rows: spans.slice(0, 999) },
    { table: 'otel_traces', token: `${tenant}/large/2`, rows: spans.slice(999) },
    { table: 'edge_windows', token: `${tenant}/large/1`, rows: edges },
    { table: 'otel_metrics_gauge', token: `${tenant}/large/1`, rows: gauges },
  ]);
}, 60_000);
afterAll(() => opened.close());

const around = chooseNeighbourhood(
  {
    calls: names.map((caller, index) => ({ caller, callee: name(index + 1), calls: 8 })),
    presence: [...new Set(spans.map(({ ServiceName, Instance, Node }) => `${ServiceName} ${Instance} ${Node}`))].map(
      (row) => {
        const [service = '', instance = '', node = ''] = row.split(' ');
        return { service, instance, node, lastSpanMs: 1 };
      },
    ),
    erring: [],
  },
  selected.focus,
  24,
);

const sliceAt = (atMs: number) =>
  selected.slices.findIndex(({ fromMs, toMs }) => windowStartMs(atMs) >= fromMs && windowStartMs(atMs) < toMs);

interface Counted {
  calls: number;
  errors: number;
  buckets: Map<number, number>;
}
const listed = (rows: ReadonlyMap<string, Counted>) =>
  [...rows]
    .map(([key, { buckets, ...row }]) => [key, { ...row, duration: [...buckets].sort(([a], [b]) => a - b) }] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));

/** The slow and simple way to the same rows. */
function countSpans(): Map<string, Counted> {
  const rows = new Map<string, Counted>();
  for (const span of spans) {
    const slice = sliceAt(Number(span.Timestamp / 1_000_000n));
    if (slice < 0 || around?.services.includes(span.ServiceName) !== true) continue;
    const instance = around.near.includes(span.ServiceName) ? span.Instance : '';
    const key = [slice, span.ServiceName, instance, span.Operation].join('|');
    const row = rows.get(key) ?? { calls: 0, errors: 0, buckets: new Map() };
    const bucket = bucketOf(Number(span.Duration) / 1000);
    row.calls += 1;
    row.errors += span.StatusCode === 'Error' ? 1 : 0;
    row.buckets.set(bucket, (row.buckets.get(bucket) ?? 0) + 1);
    rows.set(key, row);
  }
  return rows;
}

it('has exactly the operations of the neighbourhood, instances told apart where it is near, and says what was left out', async () => {
  const answer = await opened.store.answerEvidence(selected);
  expect(around?.services.slice(0, 2)).toEqual(['svc-5', 'svc-40']);
  expect(answer.missing).toEqual([{ part: 'services', code: 'partial', detail: `24 of ${size + 1}` }]);
  const answered = answer.operations.map(({ slice, service, instance, operation, calls, errors, duration }) => [
    [slice, service, instance, operation].join('|'),
    { calls, errors, duration },
  ]);
  expect(answered.sort(([a = ''], [b = '']) => (a < b ? -1 : 1))).toEqual(listed(countSpans()));
  expect(await opened.store.answerEvidence(selected)).toEqual(answer);
});

it('has the edges from the neighbourhood and to what is near, the whole graph by name, and the metrics of its machines', async () => {
  const answer = await opened.store.answerEvidence(selected);
  const isAround = ({ Caller, Callee }: EdgeWindowRow) =>
    (around?.services.includes(Caller) === true && around.services.includes(Callee)) ||
    around?.near.includes(Callee) === true;
  const sums = new Map<string, number>();
  for (const row of edges.filter(isAround)) {
    const slice = sliceAt(row.WindowStart);
    if (slice >= 0)
      sums.set(
        `${slice}|${row.Caller}|${row.Callee}`,
        (sums.get(`${slice}|${row.Caller}|${row.Callee}`) ?? 0) + row.Calls,
      );
  }
  const answered = answer.edges.map(
    ({ slice, caller, callee, calls }) => [`${slice}|${caller}|${callee}`, calls] as const,
  );
  expect(new Map(answered)).toEqual(sums);
  expect(answer.topology).toHaveLength(size);
  const isSeen = (service: string) => around?.services.includes(service) === true;
  const exported = [...new Set(around?.nodes)].map((node) => `exporter on ${node}`);
  const seen = answer.series.map(({ service, node }) => (service === 'exporter' ? `exporter on ${node}` : service));
  expect(seen.sort()).toEqual([...names.filter(isSeen), ...exported].sort());
});
