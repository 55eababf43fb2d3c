/** The main job over Kafka and a ClickHouse server, with every service in its own processes, some in several. */
import { afterAll, expect, inject } from 'vitest';
import { describeMainJob } from './testing/main-job.ts';
import { processEnvironment, type ServerAddresses } from './testing/processes.ts';
import { startScenarioOn } from './testing/scenario.ts';

const instances = { notifier: 2, correlator: 2, recorder: 2, query: 1, ingest: 1, kube: 0 };
/** These processes use the real clock. Short holds spare the test five minutes. */
const settings = { correlator: { resolveHoldMs: 1_000, recheckMs: 2_000 } };
const databases: string[] = [];
const ask = (sql: string) => fetch(inject('clickhouse'), { method: 'POST', body: sql });

async function freshServers(): Promise<ServerAddresses> {
  const database = `main_job_${Date.now().toString(36)}`;
  databases.push(database);
  expect((await ask(`CREATE DATABASE ${database}`)).ok).toBe(true);
  const brokers = inject('kafka').split(',');
  return { brokers, clickhouse: inject('clickhouse'), database, topicPrefix: `${database}.` };
}

afterAll(async () => {
  for (const database of databases) await ask(`DROP DATABASE ${database} SYNC`);
});

describeMainJob({
  begin: async () => {
    const servers = await freshServers();
    return startScenarioOn((options) => processEnvironment(servers, instances, { ...options, settings }));
  },
  timeoutMs: 180_000,
  afterwards: (scenario) => scenario.stop(),
});
