/** Runs ingest of a checkout. Arguments: the checkout's folder, Kafka's brokers or nothing, a name. Ends when its parent disconnects. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { StartedMessage } from './faultline.ts';

type BusModule = typeof import('@faultline/bus');
type IngestModule = typeof import('@faultline/ingest');
type RuntimeModule = typeof import('@faultline/runtime');

const [checkout = '', brokers = '', name = ''] = process.argv.slice(2);
const load = (path: string): Promise<unknown> => import(pathToFileURL(join(checkout, path, 'src/index.ts')).href);
const { busConfig, createBus } = (await load('libs/bus')) as BusModule;
const { createIngest, ingestConfig } = (await load('services/ingest')) as IngestModule;
const { authConfig, createAuthenticator, Health, silentLogger, systemClock } = (await load(
  'libs/runtime',
)) as RuntimeModule;

const folder = mkdtempSync(join(tmpdir(), 'faultline-bench-ingest-'));
const alone = { replicationFactor: 1, minInSyncReplicas: 1 };
const kafka = { kind: 'kafka', kafka: { brokers: brokers.split(','), topicPrefix: `${name}.`, ...alone } };
const config = busConfig.parse(brokers === '' ? { folder } : kafka);
const bus = await createBus(config, { logger: silentLogger, clock: systemClock }).start();
const ingest = await createIngest({
  bus: bus.value,
  config: ingestConfig.parse({ otlpGrpc: { port: 0 }, otlpHttp: { port: 0 } }),
  logger: silentLogger,
  clock: systemClock,
  authenticator: createAuthenticator(authConfig.parse({})),
  health: new Health(),
}).start();

process.on('disconnect', async () => {
  await ingest.stop();
  await bus.stop();
  rmSync(folder, { recursive: true, force: true });
  process.exit();
});
const { otlpGrpc: grpc, otlpHttp: http } = ingest.value.ports;
process.send?.({ grpc, http } satisfies StartedMessage);
