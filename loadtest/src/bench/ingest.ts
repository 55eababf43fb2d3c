/**
 * Cost of ingest: processor time for a span, from OTLP to the log, for small and large requests by HTTP and gRPC (gzip).
 *
 * `npm run bench -- ingest [--beside FOLDER] [--beside-collector] [--floor] [--kafka]`. `--beside` measures the
 * checkout in another folder in the same run, which gives the ratio to another commit. `--beside-collector` measures an
 * OpenTelemetry Collector, and implies `--kafka`: both write to one broker. `--floor` measures a receiver that only
 * inflates, walks over the spans and writes the bytes: what remains of the cost in this runtime whatever ingest does.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { startKafka } from '@faultline/servers';
import { bodyOf, type Shape } from '../ingest-cost/bodies.ts';
import { startCollector } from '../ingest-cost/collector.ts';
import { spansTopicOf, startFloor, startIngest } from '../ingest-cost/faultline.ts';
import { sendAll, type Transport } from '../ingest-cost/send.ts';
import { processorUs, type Target } from '../ingest-cost/target.ts';

const shapes: readonly Shape[] = [
  { spans: 20, resources: 1 },
  { spans: 250, resources: 100 },
  { spans: 8_000, resources: 200 },
];
const transports: readonly Transport[] = ['http', 'grpc'];
/** Different requests of a shape. They are sent again and again. */
const differentBodies = 64;
const spansPerRound = 24_000;
const rounds = 3;

interface Result extends Shape {
  readonly transport: Transport;
  /** Microseconds of processor time for a span, by target: the median of the rounds. */
  readonly usPerSpan: Readonly<Record<string, number>>;
}

/** Prints one JSON line. */
export async function run(): Promise<readonly Result[]> {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    options: {
      beside: { type: 'string' },
      'beside-collector': { type: 'boolean', default: false },
      kafka: { type: 'boolean', default: false },
      floor: { type: 'boolean', default: false },
    },
  });
  const kafka = values.kafka || values['beside-collector'] ? await startKafka({ brokers: 1, heapMb: 512 }) : null;
  const brokers = kafka?.bootstrap ?? null;
  const targets: Target[] = [];
  try {
    targets.push(await startIngest({ name: 'faultline', folder: join(import.meta.dirname, '../../..'), brokers }));
    if (values.beside !== undefined)
      targets.push(await startIngest({ name: 'before', folder: values.beside, brokers }));
    if (values.floor) targets.push(await startFloor({ name: 'floor', brokers }));
    if (values['beside-collector'] && brokers !== null)
      targets.push(await startCollector({ brokers, topic: spansTopicOf('faultline') }));
    const results: Result[] = [];
    for (const transport of transports)
      for (const shape of shapes) results.push(await measure(targets, transport, shape));
    console.log(JSON.stringify({ log: brokers === null ? 'embedded' : 'kafka', results }));
    return results;
  } finally {
    for (const target of targets) await target.stop();
    await kafka?.stop();
  }
}

/** Measures the targets in turns, so that other work on the machine meets all of them. */
async function measure(targets: readonly Target[], transport: Transport, shape: Shape): Promise<Result> {
  const bodies = requestsOf(transport, shape);
  const costs = new Map<string, number[]>(targets.map(({ name }) => [name, []]));
  for (let round = 0; round <= rounds; round++)
    for (const target of targets) {
      const cost = await costOf(target, transport, bodies, shape);
      // The first round warms up.
      if (round > 0) costs.get(target.name)?.push(cost);
    }
  const medians = [...costs].map(([name, values]) => [name, median(values)] as const);
  return { ...shape, transport, usPerSpan: Object.fromEntries(medians) };
}

function requestsOf(transport: Transport, shape: Shape): readonly Buffer[] {
  const count = Math.ceil(spansPerRound / shape.spans);
  const different = Array.from({ length: Math.min(count, differentBodies) }, (_, index) => {
    const body = bodyOf(shape, index);
    return transport === 'http' ? gzipSync(body, { level: 1 }) : body;
  });
  return Array.from({ length: count }, (_, index) => different[index % different.length] as Buffer);
}

async function costOf(target: Target, transport: Transport, bodies: readonly Buffer[], shape: Shape): Promise<number> {
  const before = processorUs(target);
  await sendAll(transport, target, bodies);
  return (processorUs(target) - before) / (bodies.length * shape.spans);
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return Math.round((sorted[sorted.length >> 1] ?? 0) * 100) / 100;
}
