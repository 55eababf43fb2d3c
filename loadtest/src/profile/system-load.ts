/**
 * What the agents of a system of 60 services send: small requests that hold the items of many resources, in order of
 * time. A store or an external API is seen through its callers.
 */
import { createRandom } from '../random/random.ts';
import { startRun, tracedRate } from '../simulator/run.ts';
import type { Scenario } from '../simulator/scenario.ts';
import { drawSystem } from '../simulator/system/draw-system.ts';
import type { SentPoint } from '../simulator/telemetry/telemetry.ts';
import { encodeLogs, encodePoints, encodeSpans, type WireOptions } from '../simulator/wire/otlp-protobuf.ts';
import { resourceLabels, spanLabels } from './labels.ts';
import { runtimePoints } from './runtime-points.ts';

export type Signal = 'traces' | 'logs' | 'metrics';

/** One export request. `dueMs`: when an agent would send it, counted from the start of the load. */
export interface LoadRequest {
  readonly signal: Signal;
  readonly items: number;
  readonly dueMs: number;
  readonly body: Uint8Array<ArrayBuffer>;
}

export interface SystemLoad {
  /** A service that sends spans. Callers before callees. */
  readonly service: string;
  readonly requests: readonly LoadRequest[];
}

type RequestItems = Readonly<Record<Signal, number>>;
/** Items of one request, as agents with batches of 5 s send them. */
const agentItems: RequestItems = { traces: 264, logs: 59, metrics: 1_200 };
/** As a collector sends them that batches by 8,192 items. */
export const collectorItems: RequestItems = { traces: 8_192, logs: 8_192, metrics: 8_192 };
/** Items a second. */
const perSecond = { spans: 150, lines: 35, points: 300 };
const services = 60;
const metricStepMs = 10_000;
/** Some of the system's services send no spans. */
const spanShare = 0.77;
const seed = 12;

/** Draws `seconds` of the system's telemetry. Its last item is at `endMs` (epoch). Always the same but for the times. */
export function drawSystemLoad(seconds: number, endMs: number, size = agentItems): SystemLoad {
  const toMs = seconds * 1_000;
  const random = createRandom(seed);
  const system = drawSystem(random.fork('system'), services);
  const scenario: Scenario = {
    ...{ seed, family: 'none', system, onsetMs: toMs, random },
    ...{ faults: [], changes: [], harmlessEffects: [] },
  };
  const run = startRun(scenario, {
    ...{ fromMs: 0, toMs, tracedOneIn: 10, loadAt: () => 1 },
    tracedPerMs: tracedRate(scenario, { spans: (perSecond.spans * seconds) / spanShare, inMs: toMs }),
    metrics: { random: random.fork('metrics'), dialect: 'opentelemetry', stepMs: metricStepMs },
  });
  const { spans, logs } = run.generateTraces(toMs);
  const everyPoint = [...run.readMetrics(toMs), ...runtimePoints(system, { toMs, stepMs: metricStepMs })];
  const points = atRate(everyPoint, perSecond.points * seconds);
  const wire: WireOptions = { shiftMs: endMs - toMs, resourceLabels, spanLabels };
  const requests = [
    ...split(
      'traces',
      size.traces,
      sorted(spans, ({ endMs: at }) => at),
      (items) => encodeSpans(items, wire),
    ),
    ...split(
      'logs',
      size.logs,
      sorted(logs, ({ atMs }) => atMs),
      (items) => encodeLogs(items, wire),
    ),
    ...split(
      'metrics',
      size.metrics,
      sorted(points, ({ atMs }) => atMs),
      (items) => encodePoints(items, wire),
    ),
  ];
  const service = system.services.find(({ role, sends }) => role === 'service' && sends.spans)?.name ?? '';
  return { service, requests: requests.sort((a, b) => a.dueMs - b.dueMs) };
}

/** Leaves out whole series, so that those that remain are complete. */
function atRate(points: readonly SentPoint[], wanted: number): SentPoint[] {
  const series = [...Map.groupBy(points, seriesOf).values()];
  const kept = Math.ceil(series.length * Math.min(1, wanted / points.length));
  return series.filter((_, index) => (index * 7_919) % series.length < kept).flat();
}

const seriesOf = ({ sender, metric, attributes }: SentPoint): string =>
  `${sender.instance}\n${sender.service}\n${metric}\n${JSON.stringify(attributes)}`;

interface Timed<Item> {
  readonly item: Item;
  readonly atMs: number;
}

function sorted<Item>(items: readonly Item[], timeOf: (item: Item) => number): Timed<Item>[] {
  return items.map((item) => ({ item, atMs: timeOf(item) })).sort((a, b) => a.atMs - b.atMs);
}

function split<Item>(
  signal: Signal,
  size: number,
  items: readonly Timed<Item>[],
  encode: (items: readonly Item[]) => Uint8Array<ArrayBuffer>,
): LoadRequest[] {
  const requests: LoadRequest[] = [];
  for (let from = 0; from < items.length; from += size) {
    const part = items.slice(from, from + size);
    const body = encode(part.map(({ item }) => item));
    requests.push({ signal, items: part.length, dueMs: part.at(-1)?.atMs ?? 0, body });
  }
  return requests;
}
