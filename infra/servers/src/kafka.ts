/** Kafka: one broker or three, each also a controller (KRaft), on free loopback ports. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openFolder } from './folder.ts';
import { installJava, installKafka } from './install.ts';
import { brokersSeenBy } from './kafka-ready.ts';
import { type BrokerPlace, brokerProperties, scramArgs } from './kafka-settings.ts';
import { type Keys, makeKeys } from './keys.ts';
import { freePorts } from './ports.ts';
import { run } from './run.ts';
import { createServerProcess, type ServerProcess } from './server-process.ts';

export interface KafkaOptions {
  readonly brokers: 1 | 3;
  /** Kept after the stop. Default: a temporary folder that the stop deletes. */
  readonly folder?: string;
  /** Heap of each broker. */
  readonly heapMb?: number;
  /** Opens a second listener over TLS for this user alone (PLAIN, SCRAM-SHA-256, SCRAM-SHA-512). Letters and digits. */
  readonly login?: { readonly user: string; readonly password: string };
}

/** One broker. `start` after `stop` or `kill` restarts it with its data and its port. */
export interface Broker extends ServerProcess {
  readonly id: number;
  readonly port: number;
}

export interface Kafka {
  /** Comma-separated `host:port` for clients. */
  readonly bootstrap: string;
  readonly brokers: readonly Broker[];
  /** The second listener. */
  readonly secure: { readonly bootstrap: string; readonly caFile: string } | null;
  stop(): Promise<void>;
}

const oldestJava = 17;
const clusterId = 'ZmF1bHRsaW5lLXRlc3RzMQ';
const startTimeoutMs = 60_000;

/** Resolves when every broker sees every other. */
export async function startKafka(options: KafkaOptions): Promise<Kafka> {
  const [java, jars] = await Promise.all([installJava(oldestJava), installKafka()]);
  const opened = openFolder('kafka', options.folder);
  const brokers: Broker[] = [];
  const stop = async () => {
    // Controllers that stop one after another wait for a lost quorum. A temporary folder needs no clean stop.
    await Promise.all(brokers.map((broker) => (opened.isTemporary ? broker.kill() : broker.stop())));
    opened.remove();
  };
  try {
    const keys = options.login === undefined ? null : await makeKeys(opened.path);
    const places = await choosePlaces(options, opened.path, keys);
    const jvm = [`-Xmx${options.heapMb ?? 256}m`, '-Xms64m', '-XX:+UseSerialGC', '-cp', join(jars, '*')];
    await Promise.all(places.map((place) => format(java, jvm, place, places)));
    brokers.push(...places.map((place) => createBroker(java, jvm, place)));
    await Promise.all(brokers.map((broker) => broker.start()));
    await Promise.all(places.map(({ port }) => seesAll(port, places.length)));
    const ofPorts = (ports: readonly number[]) => ports.map((port) => `127.0.0.1:${port}`).join(',');
    const secure = { bootstrap: ofPorts(places.map((place) => place.secure?.port ?? 0)), caFile: keys?.caFile ?? '' };
    return { bootstrap: ofPorts(places.map(({ port }) => port)), brokers, secure: keys === null ? null : secure, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const portsOfBroker = 3;

async function choosePlaces(
  { brokers, login }: KafkaOptions,
  folder: string,
  keys: Keys | null,
): Promise<readonly BrokerPlace[]> {
  const ports = await freePorts(brokers * portsOfBroker);
  return Array.from({ length: brokers }, (_, index) => {
    const [port = 0, controllerPort = 0, securePort = 0] = ports.slice(index * portsOfBroker);
    const place = { id: index + 1, port, controllerPort, folder: join(folder, `broker-${index + 1}`) };
    return login === undefined || keys === null ? place : { ...place, secure: { ...login, ...keys, port: securePort } };
  });
}

/** Formats a folder only once. A kept folder only gets new ports. */
async function format(java: string, jvm: readonly string[], place: BrokerPlace, all: readonly BrokerPlace[]) {
  mkdirSync(place.folder, { recursive: true });
  writeFileSync(propertiesOf(place), brokerProperties(place, all));
  if (existsSync(join(place.folder, 'meta.properties'))) return;
  const users = place.secure === undefined ? [] : scramArgs(place.secure);
  await run(java, [...jvm, 'kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', propertiesOf(place), ...users]);
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
