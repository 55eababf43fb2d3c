/** The main job over Kafka and a ClickHouse server, every service in processes of its own, several of those that share work. */
import { afterAll, expect, inject } from 'vitest';
import { describeMainJob } from './testing/main-job.ts';
import { processStage, type ServerAddresses } from './testing/processes.ts';
import { beginStoryOn } from './testing/story.ts';

const instances = { notifier: 2, correlator: 2, recorder: 2, query: 1, ingest: 1 };
/** Alerts that are over count as such at once: these processes go by the real clock, and nobody waits five minutes for them. */
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
    return beginStoryOn((options) => processStage(servers, instances, { ...options, settings }));
  },
  timeoutMs: 180_000,
  afterwards: (story) => story.stop(),
});
