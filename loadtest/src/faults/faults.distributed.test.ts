/**
 * The short form of `npm run bench -- faults`: every service in processes of its own, over three brokers and a
 * ClickHouse server, all of which are killed.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type RunResult, runFault } from './run.ts';
import { shortRuns, shortSize } from './runs.ts';
import { type SharedServers, startServers } from './servers.ts';

const minute = 60_000;
let servers: SharedServers;
beforeAll(async () => {
  servers = await startServers('kafka');
}, 2 * minute);
afterAll(() => servers.close(), minute);

it('loses nothing, and counts, groups and pages as in the baseline, when everything is killed once and one process is stopped', {
  timeout: 8 * minute,
}, async () => {
  // Start of a window, as in the benchmark.
  const startMs = Math.floor(Date.now() / 10_000) * 10_000;
  const results: RunResult[] = [];
  for (const run of shortRuns) {
    const result = await runFault(run, {
      servers,
      size: shortSize,
      startMs,
      baseline: results[0]?.outcome ?? null,
      log: () => {},
    });
    console.log(JSON.stringify(result));
    expect(result.problems, result.name).toEqual([]);
    results.push(result);
  }
  expect(results[1]?.injected).toMatchObject({ kills: 5, frozen: 1, brokerKills: 1, storeDownMs: 5_000 });
});
