/**
 * Cost of recording: spans per second through the trace join alone and through a complete recorder with its store, and
 * heap size.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { busConfig, createBus, type OutgoingRecord } from '@faultline/bus';
import { codecs, type Resource, type Span, type SpanBlock } from '@faultline/model';
import { createAggregate, createInterner, createRecorder, createTraceJoin, recorderConfig } from '@faultline/recorder';
import { Health, silentLogger, sleep, systemClock } from '@faultline/runtime';
import { createStore, storeConfig } from '@faultline/store';

const spansPerTrace = 20;
const tracesPerBlock = 50;
const spansPerBlock = spansPerTrace * tracesPerBlock;
/** Twelve seconds at 50,000 spans per second: the number that is open when traces settle after ten. */
const openBlocks = 600;
const storedBlocks = 200;
const mib = 1024 * 1024;

/** Prints one JSON line: `...SpansPerSecond`, `...Mb`. Takes less than 60 s. */
export async function run(): Promise<Record<string, number>> {
  const values = Array.from({ length: openBlocks }, (_, index) => codecs.spanBlock.encode(blockOf(index)));
  const result = { ...measureJoin(values), ...(await measureRecorder(values.slice(0, storedBlocks))) };
  const rounded = Object.fromEntries(Object.entries(result).map(([name, value]) => [name, Math.round(value)]));
  console.log(JSON.stringify(rounded));
  return rounded;
}

/** Decodes and joins as many spans as are open at 50,000 per second, then closes them all. */
function measureJoin(values: readonly Uint8Array[]): Record<string, number> {
  const before = heapMb();
  const rule = { settleMs: 10_000, maxAgeMs: 60_000 };
  const late = { rememberMs: 180_000, maxItems: 500_000 };
  const traces = createTraceJoin({ rule, late, interner: createInterner() });
  const began = performance.now();
  for (const [index, value] of values.entries()) {
    const block = codecs.spanBlock.decode(value);
    if (block.ok) traces.addSpans({ topic: 'spans', offset: BigInt(index), atMs: index * 20 }, block.value);
  }
  const opened = performance.now();
  const openMb = heapMb() - before;
  const out = createAggregate();
  const closing = performance.now();
  traces.advance(1_000_000, out);
  out.rows();
  const seconds = (opened - began + performance.now() - closing) / 1000;
  const spans = values.length * spansPerBlock;
  return { joinSpansPerSecond: spans / seconds, openSpans: spans, openHeapMb: openMb };
}

async function measureRecorder(values: readonly Uint8Array[]): Promise<Record<string, number>> {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-bench-recorder-'));
  const shared = { logger: silentLogger, clock: systemClock };
  const partitions = { scope: 1, telemetry: 2 };
  const bus = await createBus(busConfig.parse({ folder: join(folder, 'bus'), partitions }), shared).start();
  const store = await createStore(storeConfig.parse({ folder: join(folder, 'store') }), shared).start();
  for (const [index, value] of values.entries()) await bus.value.publish([recordOf(index, value)]);
  const began = performance.now();
  const config = recorderConfig.parse({});
  const parts = { bus: bus.value, store: store.value, config, health: new Health(), ...shared };
  const recorder = await createRecorder(parts).start();
  let peakMb = 0;
  while ((await recordedBlocks()) < values.length) {
    peakMb = Math.max(peakMb, process.memoryUsage().heapUsed / mib);
    await sleep(20);
  }
  const seconds = (performance.now() - began) / 1000;
  await recorder.stop();
  await store.stop();
  await bus.stop();
  rmSync(folder, { recursive: true, force: true });
  return {
    recordSpansPerSecond: (values.length * spansPerBlock) / seconds,
    peakHeapMb: peakMb,
    peakResidentMb: process.resourceUsage().maxRSS / 1024,
  };

  async function recordedBlocks(): Promise<number> {
    const positions = await bus.value.committed('recorder', 'spans');
    return positions.reduce((sum, { offset }) => sum + Number(offset), 0);
  }
}

function recordOf(index: number, value: Uint8Array): OutgoingRecord {
  const headers = { source: 'bench', items: String(spansPerBlock), request: `r${index}.0` };
  return { topic: 'spans', key: '', partition: index % 2, value, headers };
}

/** Traces through four services. Every other span is a client span. */
function blockOf(block: number): SpanBlock {
  const resources = Array.from({ length: 4 }, (_, service) => resourceOf(`service-${service}`));
  const items = Array.from({ length: tracesPerBlock }, (_, trace) => traceOf(block * tracesPerBlock + trace)).flat();
  return { source: 'bench', requestHash: `r${block}`, receivedAtMs: 0, resources, items };
}

function resourceOf(service: string): Resource {
  return {
    scope: { tenant: 'bench', environment: 'bench' },
    attributes: { 'service.name': service, 'k8s.pod.name': `${service}-0`, 'service.version': '1.2.3' },
    entities: { service, pod: `${service}-0` },
    scopeName: 'http',
    scopeVersion: '1',
  };
}

function traceOf(trace: number): Span[] {
  const startNs = BigInt(Math.floor(Date.now() / 10_000) * 10_000) * 1_000_000n + BigInt(trace) * 1_000n;
  return Array.from({ length: spansPerTrace }, (_, index) => ({
    resource: Math.floor((index + 1) / 2) % 4,
    traceId: trace.toString(16).padStart(32, '0'),
    spanId: (trace * spansPerTrace + index + 1).toString(16).padStart(16, '0'),
    parentSpanId: index === 0 ? '' : (trace * spansPerTrace + index).toString(16).padStart(16, '0'),
    name: `GET /step/${index}`,
    kind: index % 2 === 0 ? 'server' : 'client',
    status: 'unset',
    statusMessage: '',
    startNs: startNs + BigInt(index) * 100_000n,
    durationNs: BigInt(spansPerTrace - index) * 1_000_000n,
    traceState: '',
    attributes: { 'http.request.method': 'GET', 'http.response.status_code': '200', 'url.path': '/step' },
    events: '',
    links: '',
  }));
}

/** Collects garbage first, if the process was started with `--expose-gc`. */
function heapMb(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / mib;
}

if (import.meta.main) await run();
