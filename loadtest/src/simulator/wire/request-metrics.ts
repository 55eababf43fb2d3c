/** The request metrics of servers, counted from their spans as an SDK counts requests: a cumulative histogram for each instance and status. */
import type { Sender, SentSpan } from '../telemetry/telemetry.ts';
import { nanos, resourceOf } from './otlp.ts';

/** Bucket bounds in seconds, as the semantic conventions for HTTP advise. */
const boundsS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

interface Totals {
  readonly buckets: number[];
  sumS: number;
}

/** The running totals of one instance, by status code. */
interface Counted {
  sender: Sender;
  lastMs: number;
  readonly byStatus: Map<string, Totals>;
}

/** An instance that served nothing for this long was replaced, and exports nothing more. */
const silentMs = 120_000;

/** ExportMetricsServiceRequest messages, one for each interval. `spans` in order of their end. */
export function* requestMetricRequests(
  spans: readonly SentSpan[],
  { stepMs, shiftMs }: { stepMs: number; shiftMs: number },
): Generator<object> {
  const counted = new Map<string, Counted>();
  const served = spans.filter(({ kind }) => kind === 'server');
  const fromMs = served[0]?.endMs ?? 0;
  let atMs = fromMs + stepMs;
  for (const span of served) {
    for (; span.endMs >= atMs; atMs += stepMs) yield exportAt(counted, { fromMs, atMs, shiftMs });
    count(counted, span);
  }
}

function count(counted: Map<string, Counted>, { sender, failed, startMs, endMs }: SentSpan): void {
  const of: Counted = counted.get(sender.instance) ?? { sender, lastMs: endMs, byStatus: new Map() };
  counted.set(sender.instance, of);
  of.sender = sender;
  of.lastMs = endMs;
  const status = failed ? '500' : '200';
  const totals = of.byStatus.get(status) ?? { buckets: new Array<number>(boundsS.length + 1).fill(0), sumS: 0 };
  of.byStatus.set(status, totals);
  const seconds = (endMs - startMs) / 1000;
  const above = boundsS.findIndex((bound) => seconds <= bound);
  const bucket = above === -1 ? boundsS.length : above;
  totals.buckets[bucket] = (totals.buckets[bucket] ?? 0) + 1;
  totals.sumS += seconds;
}

interface Interval {
  readonly fromMs: number;
  readonly atMs: number;
  readonly shiftMs: number;
}

function exportAt(counted: ReadonlyMap<string, Counted>, { fromMs, atMs, shiftMs }: Interval): object {
  const times = { startTimeUnixNano: nanos(fromMs + shiftMs), timeUnixNano: nanos(atMs + shiftMs) };
  const alive = [...counted.values()].filter(({ lastMs }) => lastMs >= atMs - silentMs);
  return {
    resourceMetrics: alive.map(({ sender, byStatus }) => ({
      resource: resourceOf(sender, {}),
      scopeMetrics: [{ metrics: [histogram([...byStatus].map(([status, totals]) => pointOf(status, totals, times)))] }],
    })),
  };
}

const histogram = (dataPoints: readonly object[]): object => ({
  name: 'http.server.request.duration',
  unit: 's',
  histogram: { aggregationTemporality: 2, dataPoints },
});

const pointOf = (status: string, { buckets, sumS }: Totals, times: object): object => ({
  ...times,
  count: String(buckets.reduce((sum, one) => sum + one, 0)),
  sum: sumS,
  bucketCounts: buckets.map(String),
  explicitBounds: boundsS,
  attributes: [{ key: 'http.response.status_code', value: { stringValue: status } }],
});
