/** Measures a log with any adapter: records and bytes per second, and latency of records and alerts. */
import { randomFillSync } from 'node:crypto';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Bus, OutgoingRecord } from '@faultline/bus';
import type { TopicName } from '@faultline/model';
import { sleep } from '@faultline/runtime';

const mb = 1_000_000;
const callers = 8;
const small = { records: 40_000, bytes: 200, perCall: 100 };
const blocks = { records: 600, bytes: 256 * 1024, perCall: 2 };
const light = { records: 300, everyMs: 5 };
const flood = { alerts: 300, everyMs: 5 };

/** Numbers by name: `...PerSecond`, `...Ms`, `...Us`. */
export type Measured = Readonly<Record<string, number>>;

/** All measurements, one after another. Takes less than 30 s on an idle machine. */
export async function measureBus(bus: Bus): Promise<Measured> {
  return {
    ...(await measureSmall(bus)),
    ...(await measureBlocks(bus)),
    ...(await measureLight(bus)),
    ...(await measureFlood(bus)),
  };
}

/** Measures publishing only, with the same calls through any `publish`. */
export async function measurePublishing(publish: Bus['publish']): Promise<Measured> {
  const smallS = await publishAll(publish, callsOf('changes', small));
  const blocksS = await publishAll(publish, callsOf('spans', blocks));
  return {
    smallPublishedPerSecond: small.records / smallS,
    blockMbPublishedPerSecond: (blocks.records * blocks.bytes) / mb / blocksS,
  };
}

interface Load {
  readonly records: number;
  readonly bytes: number;
  readonly perCall: number;
}

function callsOf(topic: TopicName, { records, bytes, perCall }: Load): OutgoingRecord[][] {
  const value = randomFillSync(new Uint8Array(bytes));
  return Array.from({ length: records / perCall }, (_, call) =>
    Array.from({ length: perCall }, (_, index) => ({ topic, key: `key-${(call * perCall + index) % 64}`, value })),
  );
}

/** Concurrent callers each publish one call after another. Returns seconds. */
async function publishAll(publish: Bus['publish'], calls: readonly OutgoingRecord[][]): Promise<number> {
  const began = performance.now();
  const rest = calls.values();
  const caller = async () => {
    for (const records of rest) await publish(records);
  };
  await Promise.all(Array.from({ length: callers }, caller));
  return (performance.now() - began) / 1_000;
}

/** Consumes a topic and commits each batch until this many records were seen. Returns seconds. */
async function consumeAll(bus: Bus, topic: TopicName, count: number): Promise<number> {
  const began = performance.now();
  await consume(bus, topic, { count, onRecord: () => {} });
  return (performance.now() - began) / 1_000;
}

async function consume(
  bus: Bus,
  topic: TopicName,
  { count, onRecord }: { count: number; onRecord: (value: Uint8Array | null) => void },
): Promise<void> {
  const { promise: seenAll, resolve } = Promise.withResolvers<void>();
  let seen = 0;
  const subscription = bus.subscribe({
    group: `bench-${topic}`,
    topics: [topic],
    run: async (assignment) => {
      while (!assignment.signal.aborted) {
        const records = await assignment.poll({ maxRecords: 1_000, maxBytes: 4 * mb, waitMs: 1_000 });
        const last = records.at(-1);
        if (last === undefined) continue;
        for (const { value } of records) onRecord(value);
        await assignment.commit({
          records: [],
          positions: [{ topic, partition: assignment.partition, offset: last.offset + 1n }],
        });
        seen += records.length;
        if (seen >= count) resolve();
      }
    },
  });
  await Promise.race([seenAll, subscription.done]);
  await subscription.stop();
}

async function measureSmall(bus: Bus): Promise<Record<string, number>> {
  const publishS = await publishAll((records) => bus.publish(records), callsOf('changes', small));
  const consumeS = await consumeAll(bus, 'changes', small.records);
  return {
    smallPublishedPerSecond: small.records / publishS,
    smallPublishUs: (publishS * mb) / small.records,
    smallConsumedPerSecond: small.records / consumeS,
    smallConsumeUs: (consumeS * mb) / small.records,
  };
}

/**
 * The records that a receiver publishes for a request: blocks, and the total for the loss ledger, which is in another
 * file.
 */
function requestsOf(load: Load): OutgoingRecord[][] {
  const total = new Uint8Array(100);
  return callsOf('spans', load).map((records) => [
    ...records,
    { topic: 'ledger', key: 'ingest/bench/spans', value: total },
  ]);
}

async function measureBlocks(bus: Bus): Promise<Record<string, number>> {
  const totalMb = (blocks.records * blocks.bytes) / mb;
  const publishS = await publishAll((records) => bus.publish(records), requestsOf(blocks));
  const consumeS = await consumeAll(bus, 'spans', blocks.records);
  return { blockMbPublishedPerSecond: totalMb / publishS, blockMbConsumedPerSecond: totalMb / consumeS };
}

function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN;
}

/** Publishes one record every few milliseconds, each with its sending time. */
async function measureLight(bus: Bus): Promise<Record<string, number>> {
  const latenciesMs: number[] = [];
  const onRecord = (value: Uint8Array | null) => {
    latenciesMs.push(performance.now() - Number(new TextDecoder().decode(value ?? undefined)));
  };
  const consumed = consume(bus, 'commands', { count: light.records, onRecord });
  for (let index = 0; index < light.records; index += 1) {
    await bus.publish([
      { topic: 'commands', key: `k${index}`, value: new TextEncoder().encode(String(performance.now())) },
    ]);
    await sleep(light.everyMs);
  }
  await consumed;
  return { lightLatencyP50Ms: quantile(latenciesMs, 0.5), lightLatencyP99Ms: quantile(latenciesMs, 0.99) };
}

async function measureFlood(bus: Bus): Promise<Record<string, number>> {
  const calls = requestsOf({ ...blocks, records: 64 });
  let flooding = true;
  let published = 0;
  const flooder = async () => {
    while (flooding) {
      for (const records of calls) {
        if (!flooding) return;
        await bus.publish(records);
        published += records.length - 1;
      }
    }
  };
  const flooders = Array.from({ length: callers }, flooder);
  const loop = monitorEventLoopDelay({ resolution: 1 });
  loop.enable();
  const began = performance.now();
  const ackMs: number[] = [];
  for (let index = 0; index < flood.alerts; index += 1) {
    const sent = performance.now();
    await bus.publish([{ topic: 'alerts', key: `k${index}`, value: new Uint8Array(2_000) }]);
    ackMs.push(performance.now() - sent);
    await sleep(flood.everyMs);
  }
  const seconds = (performance.now() - began) / 1_000;
  loop.disable();
  flooding = false;
  await Promise.all(flooders);
  return {
    floodMbPerSecond: (published * blocks.bytes) / mb / seconds,
    floodAlertP50Ms: quantile(ackMs, 0.5),
    floodAlertP99Ms: quantile(ackMs, 0.99),
    floodEventLoopP99Ms: loop.percentile(99) / 1e6,
  };
}
