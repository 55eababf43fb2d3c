/** Kafka: one broker or three, each also a controller (KRaft), on free ports of the loopback. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openFolder } from './folder.ts';
import { installJava, installKafka } from './install.ts';
import { brokersSeenBy } from './kafka-ready.ts';
import { type BrokerPlace, brokerProperties } from './kafka-settings.ts';
import { freePorts } from './ports.ts';
import { run } from './run.ts';
import { createServerProcess, type ServerProcess } from './server-process.ts';

export interface KafkaOptions {
  readonly brokers: 1 | 3;
  /** Kept after the stop. Left out: a temporary one, removed at the stop. */
  readonly folder?: string;
  /** Of each broker. */
  readonly heapMb?: number;
}

/** One broker. `start` after `stop` or `kill` brings it back with its data and its port. */
export interface Broker extends ServerProcess {
  readonly id: number;
  readonly port: number;
}

export interface Kafka {
  /** `host:port`, joined with commas: what clients are given. */
  readonly bootstrap: string;
  readonly brokers: readonly Broker[];
  stop(): Promise<void>;
}

const oldestJava = 17;
const clusterId = 'ZmF1bHRsaW5lLXRlc3RzMQ';
const startTimeoutMs = 60_000;

/** Resolves when every broker sees every other. */
export async function startKafka({ brokers: count, folder, heapMb = 256 }: KafkaOptions): Promise<Kafka> {
  const [java, jars] = await Promise.all([installJava(oldestJava), installKafka()]);
  const opened = openFolder('kafka', folder);
  const ports = await freePorts(count * 2);
  const places = Array.from(
    { length: count },
    (_, index): BrokerPlace => ({
      id: index + 1,
      port: ports[index * 2] as number,
      controllerPort: ports[index * 2 + 1] as number,
      folder: join(opened.path, `broker-${index + 1}`),
    }),
  );
  const jvm = [`-Xmx${heapMb}m`, '-Xms64m', '-XX:+UseSerialGC', '-cp', join(jars, '*')];
  await Promise.all(places.map((place) => format(java, jvm, place, places)));
  const brokers = places.map((place) => createBroker(java, jvm, place));
  const stop = async () => {
    // Controllers that stop one after another wait for a quorum that is gone; a folder about to be removed needs no such care.
    await Promise.all(brokers.map((broker) => (opened.isTemporary ? broker.kill() : broker.stop())));
    opened.remove();
  };
  try {
    await Promise.all(brokers.map((broker) => broker.start()));
    await Promise.all(places.map(({ port }) => seesAll(port, count)));
  } catch (error) {
    await stop();
    throw error;
  }
  return { bootstrap: places.map(({ port }) => `127.0.0.1:${port}`).join(','), brokers, stop };
}

/** A folder is made a broker's once; with a folder that was kept only the ports are new. */
async function format(java: string, jvm: readonly string[], place: BrokerPlace, all: readonly BrokerPlace[]) {
  mkdirSync(place.folder, { recursive: true });
  writeFileSync(propertiesOf(place), brokerProperties(place, all));
  if (existsSync(join(place.folder, 'meta.properties'))) return;
  await run(java, [...jvm, 'kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', propertiesOf(place)]);
}

const propertiesOf = ({ folder }: BrokerPlace): string => `${folder}.properties`;

function createBroker(java: string, jvm: readonly string[], place: BrokerPlace): Broker {
  const server = createServerProcess({
    name: `Kafka broker ${place.id}`,
    command: java,
    args: ['-Dorg.slf4j.simpleLogger.defaultLogLevel=warn', ...jvm, 'kafka.Kafka', propertiesOf(place)],
    logFile: `${place.folder}.log`,
    isReady: async () => (await brokersSeenBy(place.port)) > 0,
    startTimeoutMs,
  });
  return { ...server, id: place.id, port: place.port };
}

async function seesAll(port: number, count: number): Promise<void> {
  while ((await brokersSeenBy(port)) < count) await delay(50);
}
