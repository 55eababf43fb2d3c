/**
 * How long it takes to find similar incidents among very many past ones, after a restart. Every query asks for one that is known to be there.
 *
 * `npm run bench -- memory [--incidents 100000] [--revisions 3] [--queries 50]`
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { EvidenceQuery } from '@faultline/model';
import { silentLogger, systemClock } from '@faultline/runtime';
import { createStore, storeConfig } from '@faultline/store';
import { quantilesOf } from '../latency/quantiles.ts';
import { pastIncidentBatch, queryFor } from '../memory/past-incidents.ts';

const batchSize = 1000;

/** Prints one JSON line. `firstMs`: the first query of a process that just started. */
export async function run(): Promise<Record<string, unknown>> {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    options: {
      incidents: { type: 'string', default: '100000' },
      revisions: { type: 'string', default: '3' },
      queries: { type: 'string', default: '50' },
    },
  });
  const [incidents, revisions, queries] = [values.incidents, values.revisions, values.queries].map(Number);
  const folder = mkdtempSync(join(tmpdir(), 'faultline-bench-memory-'));
  try {
    await fill(folder, { incidents: incidents ?? 0, revisions: revisions ?? 0 });
    const measured = await measure(folder, { incidents: incidents ?? 0, queries: queries ?? 0 });
    const line = { incidents, revisions, ...measured, loadAverage: loadavg() };
    console.log(JSON.stringify(line));
    return line;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function openStore(folder: string) {
  return createStore(storeConfig.parse({ folder }), { logger: silentLogger, clock: systemClock }).start();
}

async function fill(folder: string, { incidents, revisions }: { incidents: number; revisions: number }): Promise<void> {
  const store = await openStore(folder);
  try {
    for (let from = 0; from < incidents; from += batchSize)
      await store.value.insert([pastIncidentBatch({ from, to: Math.min(incidents, from + batchSize), revisions })]);
  } finally {
    await store.stop();
  }
}

/**
 * Each query is also made without traits, which reads no past incidents: the difference is what they cost. Processor time is that of the
 * whole process, as the engine runs in it.
 */
async function measure(folder: string, { incidents, queries }: { incidents: number; queries: number }) {
  const store = await openStore(folder);
  const timed = async (query: EvidenceQuery) => {
    const [cpu, startedAt] = [process.cpuUsage(), performance.now()];
    const { past } = await store.value.answerEvidence(query);
    const { user, system } = process.cpuUsage(cpu);
    return { past, ms: performance.now() - startedAt, cpuMs: (user + system) / 1000 };
  };
  const differences: { readonly ms: number; readonly cpuMs: number }[] = [];
  let firstMs = 0;
  try {
    for (let index = 0; index < queries; index++) {
      const { query, incidentId } = queryFor(Math.floor(((index + 0.5) * incidents) / queries));
      const found = await timed(query);
      if (index === 0) firstMs = found.ms;
      if (!found.past.some((row) => row.incidentId === incidentId)) throw new Error(`${incidentId} was not found`);
      const without = await timed({ ...query, traits: [] });
      differences.push({ ms: found.ms - without.ms, cpuMs: found.cpuMs - without.cpuMs });
    }
  } finally {
    await store.stop();
  }
  const ms = quantilesOf(differences.map((one) => one.ms));
  const cpuMs = quantilesOf(differences.map((one) => one.cpuMs));
  return { firstMs, ms, cpuMs };
}
