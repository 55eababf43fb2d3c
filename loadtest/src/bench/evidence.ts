/** How long one evidence question takes in a large system, and how large its answer is: in memory and in the journal. Under 60 s. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { planEvidence } from '@faultline/correlation';
import type { EvidenceQuestion } from '@faultline/model';
import { silentLogger, systemClock } from '@faultline/runtime';
import { createStore, type Store, storeConfig } from '@faultline/store';
import { fillWindows } from '@faultline/store/bench';

const system = { services: 300, instances: 3, operations: 4, callees: 3, callsPerWindow: 32 };
const minute = 60_000;
/** The baseline, what lies between it and the alert, and five minutes of the incident. */
const filledMs = 85 * minute;
const questions = 20;

/** Prints one JSON line: `...Ms`, `...Rows`, `...Mb`. */
export async function run(): Promise<Record<string, number>> {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-bench-evidence-'));
  const toMs = Math.floor(Date.now() / 10_000) * 10_000;
  try {
    const began = performance.now();
    await fillWindows(folder, { ...system, fromMs: toMs - filledMs, toMs });
    const fillMs = performance.now() - began;
    const store = await createStore(storeConfig.parse({ folder }), {
      logger: silentLogger,
      clock: systemClock,
    }).start();
    const result = { fillMs, ...(await measure(store.value, toMs)) };
    await store.stop();
    const rounded = Object.fromEntries(
      Object.entries(result).map(([name, value]) => [name, Math.round(value * 100) / 100]),
    );
    console.log(JSON.stringify(rounded));
    return rounded;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measure(store: Store, toMs: number): Promise<Record<string, number>> {
  const question: EvidenceQuestion = {
    id: 'q',
    incidentId: 'i',
    scope: { tenant: 'bench', environment: 'bench' },
    askedAtMs: toMs,
    deadlineMs: Number.MAX_SAFE_INTEGER,
    focus: { services: ['service-7', 'service-8', 'service-120'], instances: [], nodes: [] },
    ...planEvidence({ startedAtMs: toMs - 5 * minute, nowMs: toMs }),
  };
  const firstBegan = performance.now();
  const answer = await store.answerEvidence(question);
  const firstMs = performance.now() - firstBegan;
  // A part of the system is what is asked for; that anything else is missing is not.
  const missing = answer.missing.filter((text) => !text.startsWith('services: '));
  if (missing.length > 0) throw new Error(`missing: ${missing.join(', ')}`);
  const times: number[] = [];
  for (let count = 0; count < questions; count++) {
    const began = performance.now();
    await store.answerEvidence(question);
    times.push(performance.now() - began);
  }
  times.sort((a, b) => a - b);
  const json = JSON.stringify(answer);
  const { operations, edges, templates, children, series } = answer;
  return {
    firstMs,
    p50Ms: times[Math.floor(questions * 0.5)] ?? 0,
    p95Ms: times[Math.floor(questions * 0.95)] ?? 0,
    slices: question.slices.length,
    operationRows: operations.length,
    edgeRows: edges.length,
    templateRows: templates.length,
    childRows: children.length,
    series: series.length,
    jsonMb: json.length / 1e6,
    journalMb: zstdCompressSync(json).length / 1e6,
  };
}

if (import.meta.main) await run();
