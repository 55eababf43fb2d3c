/**
 * Compares the log adapters: embedded, Kafka through our adapter, and a bare kafkajs producer with the same calls but
 * without transactions. Prints ratios and one JSON line. Takes less than 2 minutes.
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bus, busConfig, createBus } from '@faultline/bus';
import { startBareProducer } from '@faultline/bus/bare-producer';
import { silentLogger, systemClock } from '@faultline/runtime';
import { startKafka } from '@faultline/servers';
import { type Measured, measureBus, measurePublishing } from '../bus-load/measure.ts';

interface Results {
  readonly embedded: Measured;
  readonly kafka: Measured;
  readonly bareKafkajs: Measured;
}

/** Uses the brokers of FAULTLINE_TEST_KAFKA, or starts one. */
export async function run(): Promise<Results> {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-bench-bus-'));
  const embedded = await measured({ folder }, measureBus).finally(() =>
    rmSync(folder, { recursive: true, force: true }),
  );
  const given = process.env['FAULTLINE_TEST_KAFKA'];
  const broker = given === undefined ? await startKafka({ brokers: 1, heapMb: 512 }) : undefined;
  try {
    const brokers = (given ?? broker?.bootstrap ?? '').split(',');
    const results = { embedded, ...(await measureKafka(brokers)) };
    printRatios(results);
    console.log(JSON.stringify({ bench: 'bus', ...results }));
    return results;
  } finally {
    await broker?.stop();
  }
}

async function measureKafka(brokers: string[]): Promise<Omit<Results, 'embedded'>> {
  const topicPrefix = `bench-${randomUUID().slice(0, 8)}.`;
  const alone = { brokers, replicationFactor: 1, minInSyncReplicas: 1 };
  const kafka = await measured({ kind: 'kafka', kafka: { ...alone, topicPrefix } }, measureBus);
  // The adapter creates these topics, so that they are configured alike.
  const bareKafkajs = await measured(
    { kind: 'kafka', kafka: { ...alone, topicPrefix: `bare-${topicPrefix}` } },
    async () => {
      const producer = await startBareProducer(brokers, `bare-${topicPrefix}`);
      return measurePublishing(producer.publish).finally(() => producer.stop());
    },
  );
  return { kafka, bareKafkajs };
}

async function measured(config: object, measure: (bus: Bus) => Promise<Measured>): Promise<Measured> {
  const options = { logger: silentLogger, clock: systemClock };
  const { value, stop } = await createBus(busConfig.parse(config), options).start();
  try {
    const found = Object.entries(await measure(value));
    return Object.fromEntries(found.map(([name, number]) => [name, Math.round(number * 100) / 100]));
  } finally {
    await stop();
  }
}

function printRatios({ embedded, kafka, bareKafkajs }: Results): void {
  const ratio = (name: string, of: Measured, to: Measured) =>
    ((of[name] ?? Number.NaN) / (to[name] ?? Number.NaN)).toFixed(2);
  for (const name of ['smallPublishedPerSecond', 'blockMbPublishedPerSecond']) {
    console.log(`${name}: Kafka ${kafka[name]}, embedded ${embedded[name]} (ratio ${ratio(name, kafka, embedded)}),`);
    console.log(`  bare kafkajs ${bareKafkajs[name]} (ratio ${ratio(name, kafka, bareKafkajs)})`);
  }
  for (const name of ['lightLatencyP50Ms', 'lightLatencyP99Ms'])
    console.log(`${name}, produced to consumed: Kafka ${kafka[name]}, embedded ${embedded[name]}`);
}

if (import.meta.main) await run();
