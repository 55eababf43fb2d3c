/**
 * `node infra/servers/src/main.ts kafka|kafka3|clickhouse|registry|all`: starts servers, prints their addresses, and
 * runs until Ctrl-C.
 */
import { startClickHouse } from './clickhouse.ts';
import { ServerError } from './errors.ts';
import { startKafka } from './kafka.ts';
import { startRegistry } from './registry.ts';

interface Running {
  readonly line: string;
  stop(): Promise<void>;
}

const kafka = async (brokers: 1 | 3): Promise<Running> => {
  const { bootstrap, stop } = await startKafka({ brokers });
  return { line: `FAULTLINE_TEST_KAFKA=${bootstrap}`, stop };
};
const clickhouse = async (): Promise<Running> => {
  const { url, remove } = await startClickHouse();
  return { line: `FAULTLINE_TEST_CLICKHOUSE_URL=${url}`, stop: remove };
};
const registry = async (): Promise<Running> => {
  const { url, remove } = await startRegistry();
  return { line: `FAULTLINE_TEST_REGISTRY=${url}`, stop: remove };
};
const starts: Readonly<Record<string, readonly (() => Promise<Running>)[]>> = {
  kafka: [() => kafka(1)],
  kafka3: [() => kafka(3)],
  clickhouse: [clickhouse],
  registry: [registry],
  all: [() => kafka(1), registry, clickhouse],
};

const chosen = starts[process.argv[2] ?? ''];
if (chosen === undefined) {
  console.error(`Say which: ${Object.keys(starts).join(', ')}`);
  process.exit(2);
}
const outcomes = await Promise.allSettled(chosen.map((start) => start()));
const running = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
const stopAll = () => Promise.all(running.map(({ stop }) => stop())).then(() => process.exit());
process.once('SIGINT', stopAll).once('SIGTERM', stopAll);
for (const { line } of running) console.log(line);
for (const outcome of outcomes) {
  if (outcome.status === 'fulfilled') continue;
  console.error(outcome.reason instanceof ServerError ? outcome.reason.message : outcome.reason);
  process.exitCode = 1;
}
if (process.exitCode === 1) await stopAll();
