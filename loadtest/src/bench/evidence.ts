/**
 * `npm run bench -- evidence [--load SPANS_PER_SECOND] [--queries N]`: the duration of an evidence query in a system of
 * 300 services with more than an hour of windows. It also measures the size of the result in memory and in the journal.
 * With a load, a complete Faultline in the same process takes in spans meanwhile.
 */
import { availableParallelism, loadavg } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { zstdCompressSync } from 'node:zlib';
import { planEvidence } from '@faultline/correlation';
import type { EvidenceQuery, EvidenceResult } from '@faultline/model';
import type { Store } from '@faultline/store';
import { scopeName, startUnderLoad, system } from '../load/under-load.ts';

type Answer = Omit<EvidenceResult, 'questionId' | 'incidentId' | 'settled'>;

const minute = 60_000;
/** Time since the first alert. */
const incidentMs = 5 * minute;
const warmUpMs = 20_000;
const pauseMs = 1_000;

/**
 * Prints one JSON line: `...Ms`, `...Rows`, `...Mb`. `cpuMs` is CPU time of the process per query, measured only
 * without a load.
 */
export async function run(): Promise<Record<string, unknown>> {
  const { load, queries } = parseArgs({
    args: process.argv.slice(3),
    options: { load: { type: 'string', default: '0' }, queries: { type: 'string', default: '40' } },
  }).values;
  const startedAt = performance.now();
  const faultline = await startUnderLoad(Number(load));
  const fillMs = performance.now() - startedAt;
  try {
    const { store } = faultline.app;
    if (store === null) throw new Error('this Faultline has no store');
    await delay(Number(load) === 0 ? 0 : warmUpMs);
    const before = await faultline.count();
    const measured = await measure(store, { queries: Number(queries), pauseMs: Number(load) === 0 ? 0 : pauseMs });
    const after = await faultline.count();
    const sent = Math.round((after.accepted - before.accepted) / measured.seconds);
    const result = rounded({ fillMs, spansPerSecond: sent, refused: after.refused, ...measured });
    const line = { ...result, loadAverage: loadavg(), processors: availableParallelism() };
    console.log(JSON.stringify(line));
    return line;
  } finally {
    await faultline.stop();
  }
}

async function measure(store: Store, wanted: { readonly queries: number; readonly pauseMs: number }) {
  const startedAt = performance.now();
  const times: number[] = [];
  const cpu = process.cpuUsage();
  let answer: Answer | undefined;
  for (let count = 0; count <= wanted.queries; count++) {
    const queriedAt = performance.now();
    answer = await store.answerEvidence(queryOf(count, Date.now()));
    times.push(performance.now() - queriedAt);
    // The query names only part of the system, so the result is partial. Nothing else may be missing.
    const missing = answer.missing.filter(({ code }) => code !== 'partial');
    if (missing.length > 0)
      throw new Error(`missing: ${missing.map(({ part, code }) => `${part} ${code}`).join(', ')}`);
    await delay(wanted.pauseMs);
  }
  const { user, system: kernel } = process.cpuUsage(cpu);
  const [firstMs = 0, ...others] = times;
  const sorted = others.toSorted((a, b) => a - b);
  const quantile = (share: number) => sorted[Math.ceil(sorted.length * share) - 1] ?? 0;
  return {
    seconds: (performance.now() - startedAt) / 1000,
    firstMs,
    p50Ms: quantile(0.5),
    p95Ms: quantile(0.95),
    maxMs: quantile(1),
    ...(wanted.pauseMs === 0 ? { cpuMs: (user + kernel) / 1000 / times.length } : {}),
    ...(answer === undefined ? {} : sizesOf(answer)),
    timesMs: others.map(Math.round),
  };
}

/** Three services, different ones for each query. */
function queryOf(count: number, nowMs: number): EvidenceQuery {
  const service = (offset: number) => `service-${(count * 37 + offset) % system.services}`;
  return {
    id: 'q',
    incidentId: 'i',
    scope: { tenant: scopeName, environment: scopeName },
    askedAtMs: nowMs,
    deadlineMs: Number.MAX_SAFE_INTEGER,
    focus: { services: [service(7), service(8), service(120)], instances: [], nodes: [] },
    ...planEvidence({ startedAtMs: nowMs - incidentMs, nowMs }),
  };
}

function sizesOf(answer: Answer): Record<string, number> {
  const json = JSON.stringify(answer);
  const { slices, operations, edges, templates, children, series } = answer;
  return {
    slices: slices.length,
    operationRows: operations.length,
    edgeRows: edges.length,
    templateRows: templates.length,
    childRows: children.length,
    series: series.length,
    jsonMb: json.length / 1e6,
    journalMb: zstdCompressSync(json).length / 1e6,
  };
}

function rounded(values: Readonly<Record<string, number | readonly number[]>>) {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'number' ? Math.round(value * 100) / 100 : value,
    ]),
  );
}

if (import.meta.main) await run();
