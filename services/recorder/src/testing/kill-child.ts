/**
 * The process that kill.test.ts kills: a recorder over the log and the store on disk. `record` publishes traces until
 * it is killed. `finish` records what is left, then prints the content of the log and the store.
 */
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Bus, createEmbeddedBus } from '@faultline/bus';
import { codecs, type EvidenceQuery, type LedgerTotals, type SpanBlock } from '@faultline/model';
import { Health, silentLogger, systemClock } from '@faultline/runtime';
import { createStore, type Store, storeConfig } from '@faultline/store';
import { recorderConfig } from '../config.ts';
import { createRecorder } from '../recorder.ts';
import { type SpanSpec, spanBlock } from './block.ts';

const settleMs = 1_000;
const partitions = 2;
const [mode, folder = ''] = process.argv.slice(2);

const bus = await createEmbeddedBus({
  folder: join(folder, 'bus'),
  partitions: { scope: 1, telemetry: partitions },
  maxRecordBytes: 1_000_000,
  logger: silentLogger,
  clock: systemClock,
}).start();
const stores = await createStore(storeConfig.parse({ folder: join(folder, 'store') }), {
  logger: silentLogger,
  clock: systemClock,
}).start();
const recorder = await createRecorder({
  bus: bus.value,
  store: stores.value,
  config: recorderConfig.parse({
    settleMs,
    clockSlackMs: 500,
    cutMaxAgeMs: 20,
    cutQuietAgeMs: 20,
    quietInsertsPerSecond: 1e6,
  }),
  logger: silentLogger,
  clock: systemClock,
  health: new Health(),
}).start();

if (mode === 'record') await publishForEver(bus.value);
await settled(bus.value);
console.log(JSON.stringify({ ...(await logHolds(bus.value)), ...(await storeHolds(stores.value)) }));
await recorder.stop();
await stores.stop();
await bus.stop();

/** Each trace arrives as two blocks. Every fifth block arrives twice, like a sender's retry. */
async function publishForEver(bus: Bus): Promise<void> {
  process.stdout.write('ready\n');
  const first = Date.now() * 1_000;
  for (let trace = first; ; trace += 10) {
    await Promise.all(Array.from({ length: 10 }, (_, index) => publishTrace(bus, trace + index)));
    await pause(2);
  }
}

async function publishTrace(bus: Bus, trace: number): Promise<void> {
  const spans: readonly SpanSpec[] = [
    { trace, service: 'front', id: 1, name: 'GET /', kind: 'server', from: 0, to: 100 },
    { trace, service: 'front', id: 2, parent: 1, name: 'call', kind: 'client', from: 10, to: 90 },
    { trace, service: 'cart', id: 3, parent: 2, name: 'add', kind: 'server', from: 15, to: 80 },
  ];
  await publish(bus, trace, { spans: spans.slice(0, 2), request: `${trace}a` });
  await publish(bus, trace, { spans: spans.slice(2), request: `${trace}b` });
}

async function publish(
  bus: Bus,
  trace: number,
  { spans, request }: { spans: readonly SpanSpec[]; request: string },
): Promise<void> {
  const now = BigInt(Date.now()) * 1_000_000n;
  const block = spanBlock(spans, request);
  const recent = { ...block, items: block.items.map((item) => ({ ...item, startNs: now })) };
  const headers = { source: 'test', items: String(spans.length), request };
  const record = { topic: 'spans', key: '', partition: trace % partitions, headers } as const;
  const value = codecs.spanBlock.encode(recent);
  for (let copies = trace % 5 === 0 ? 2 : 1; copies > 0; copies--) await bus.publish([{ ...record, value }]);
}

async function settled(bus: Bus): Promise<void> {
  for (;;) {
    const lows = new Map<number, bigint>();
    for (let partition = 0; partition < partitions; partition++)
      for await (const { key, value } of bus.read({ topic: 'recorder-progress', partition, from: 0n })) {
        const progress = value === null || !key.startsWith('progress/') ? null : codecs.recorderProgress.decode(value);
        const low = progress?.ok ? progress.value.topics.find(({ topic }) => topic === 'spans')?.low : undefined;
        if (low !== undefined) lows.set(partition, low);
      }
    const offsets = await bus.offsets('spans');
    if (offsets.every(({ partition, next }) => next === 0n || lows.get(partition) === next)) return;
    await pause(100);
  }
}

/**
 * What was sent, according to the log alone. `served`: spans that are not client spans; `pairs`: traces whose two
 * blocks arrived within the settling time.
 */
async function logHolds(bus: Bus) {
  const requests = new Set<string>();
  const firstAt = new Map<string, number>();
  const held = { sent: 0, items: 0, served: 0, pairs: 0, recorded: 0, duplicates: 0 };
  for (let partition = 0; partition < partitions; partition++)
    for await (const { value, headers, timestampMs } of bus.read({ topic: 'spans', partition, from: 0n })) {
      held.items += Number(headers['items']);
      const block = value === null ? null : codecs.spanBlock.decode(value);
      const request = headers['request'] ?? '';
      if (!block?.ok || requests.has(request)) continue;
      requests.add(request);
      held.sent += block.value.items.length;
      held.served += block.value.items.filter(({ kind }) => kind !== 'client').length;
      held.pairs += isPair(block.value, timestampMs, firstAt) ? 1 : 0;
    }
  const totals = new Map<string, LedgerTotals>();
  for await (const { key, value } of bus.read({ topic: 'ledger', partition: 0, from: 0n })) {
    const decoded = value === null ? null : codecs.ledgerTotals.decode(value);
    if (decoded?.ok) totals.set(key, decoded.value);
  }
  for (const entry of totals.values()) {
    held.recorded += entry.totals.recorded;
    held.duplicates += entry.totals.duplicates;
  }
  return held;
}

function isPair({ items }: SpanBlock, timestampMs: number, firstAt: Map<string, number>): boolean {
  const traceId = items[0]?.traceId ?? '';
  const first = firstAt.get(traceId);
  if (first === undefined) firstAt.set(traceId, timestampMs);
  return first !== undefined && timestampMs - first < settleMs;
}

async function storeHolds(store: Store) {
  const range = { fromMs: Date.now() - 3_600_000, toMs: Date.now() + 3_600_000 };
  const question: EvidenceQuery = {
    id: 'q',
    incidentId: 'i',
    scope: { tenant: 't', environment: 'e' },
    askedAtMs: 0,
    deadlineMs: Number.MAX_SAFE_INTEGER,
    slices: [range],
    series: { ...range, stepMs: 10_000 },
    seriesHistory: range,
  };
  const { operations, edges, children } = await store.answerEvidence(question);
  const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
  return {
    calls: sum(operations.map((row) => row.calls)),
    settledCalls: sum(operations.map((row) => row.settledCalls)),
    selfTimes: sum(operations.flatMap((row) => row.self.map(([, count]) => count))),
    edgeCalls: sum(edges.map((row) => row.calls)),
    childCalls: sum(children.filter((row) => row.childService === 'cart').map((row) => row.calls)),
  };
}
