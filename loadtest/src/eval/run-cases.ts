/** Runs cases in one Faultline process, each in a tenant of its own, and judges them. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type App, loadAppConfig, type ServiceName, startApp } from '@faultline/all';
import { parseJournalFile } from '@faultline/model';
import type { EvaluationCase } from '../case/evaluation-case.ts';
import { inputsOf, type KeptEvidence, keepCost, keepEvidence, mainInput } from '../case/evidence-file.ts';
import { isHeldOutCase } from '../case/seeds.ts';
import { anyPort } from '../client/any-port.ts';
import { createClient, type FaultlineClient } from '../client/client.ts';
import { rankByThreeRules } from './baseline.ts';
import { type Judged, judge } from './judge.ts';
import type { RunTimes } from './report.ts';
import { type CaseRun, freshAskMs, runCase } from './run-case.ts';

interface RunCasesOptions {
  readonly concurrency: number;
  /** Folder for the input of the ranking. Null: do not keep it. */
  readonly keepIn: string | null;
  readonly print: (line: string) => void;
}

export interface Evaluation {
  /** In order of case name. Cases without a label are missing. */
  readonly judged: readonly Judged[];
  readonly times: RunTimes;
}

/** Longer than the revision schedule. An incident that has not settled by then will not. */
const settleTimeoutMs = 150_000;
/** No notifier: an evaluation must not page anybody. */
const services: ReadonlySet<ServiceName> = new Set(['ingest', 'recorder', 'correlator', 'query']);

/** Runs all cases, `concurrency` at a time. Each case is created only when its turn comes, because cases are large. */
export async function runCases(
  cases: readonly (() => EvaluationCase)[],
  options: RunCasesOptions,
): Promise<Evaluation> {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-eval-'));
  const app = await startApp(loadAppConfig({ overrides: evaluationConfig(folder) }), { only: services });
  try {
    return await runAll(cases, app.value, options);
  } finally {
    await app.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function evaluationConfig(folder: string): object {
  return {
    ...anyPort,
    bus: { folder: `${folder}/log` },
    store: { folder: `${folder}/store` },
    // No telemetry comes later than the case, so evidence is settled soon after traces are (10 s).
    // The ranking is judged and not the machine: on a busy one, later queries may take longer than in production.
    correlator: { revisionScheduleMs: [12_000, 25_000, 45_000, 90_000], answerBudgetMs: 20_000, freshAskMs },
    log: { level: 'error' },
  };
}

async function runAll(
  cases: readonly (() => EvaluationCase)[],
  app: App,
  options: RunCasesOptions,
): Promise<Evaluation> {
  const startCpu = process.cpuUsage();
  const done: { run: CaseRun; judged: Judged | null }[] = [];
  const waiting = [...cases];
  /** Time spent on replaying journals is not part of the product's cost. */
  let judgingMs = 0;
  const worker = async (): Promise<void> => {
    for (let make = waiting.shift(); make !== undefined; make = waiting.shift()) {
      const subject = make();
      const { http, otlpHttp } = app.addresses;
      const client = createClient({ http, otlp: otlpHttp, tenant: subject.name });
      const run = await runCase(subject, client, { settleTimeoutMs });
      const journal = run.incidentId === null ? '' : await journalOf(client, run.incidentId);
      const startedAt = performance.now();
      done.push({ run, judged: judgeRun(subject, run, { journal, keepIn: options.keepIn }) });
      judgingMs += performance.now() - startedAt;
      options.print(isHeldOutCase(run.case) ? `ran ${done.length} of ${cases.length}` : progressLine(run));
    }
  };
  await Promise.all(Array.from({ length: options.concurrency }, worker));
  const { user, system } = process.cpuUsage(startCpu);
  const cpuSeconds = (user + system) / 1e6 - judgingMs / 1000;
  if (options.keepIn !== null) keepCost(options.keepIn, cpuSeconds / Math.max(1, done.length));
  done.sort((a, b) => (a.run.case < b.run.case ? -1 : 1));
  return {
    judged: done.flatMap(({ judged }) => (judged === null ? [] : [judged])),
    times: {
      firstHypothesisMs: done.map(({ run }) => run.firstHypothesisMs),
      cpuSecondsPerCase: cpuSeconds / Math.max(1, done.length),
    },
  };
}

async function journalOf(client: FaultlineClient, incidentId: string): Promise<string> {
  return client.getText(`/api/v1/incidents/${incidentId}/export`);
}

function judgeRun(
  { truth }: EvaluationCase,
  run: CaseRun,
  { journal, keepIn }: { journal: string; keepIn: string | null },
): Judged | null {
  const file = journal === '' ? null : parseJournalFile(journal);
  const inputs = file?.ok === true ? inputsOf(file.value.entries) : [];
  const { case: name, system, shiftMs, firstHypothesisMs } = run;
  const kept: KeptEvidence = { case: name, system, truth, shiftMs, firstHypothesisMs, inputs };
  if (keepIn !== null) keepEvidence(keepIn, kept);
  return truth === null ? null : judge({ ...run, baseline: baselineOf(kept) }, truth);
}

/** The services that the three rules blame, from the same rows that the page with the most alerts was ranked from. */
export function baselineOf(kept: KeptEvidence): readonly string[] {
  const answer = mainInput(kept)?.answer ?? null;
  return answer === null ? [] : rankByThreeRules(answer);
}

function progressLine({ case: name, incidents, sendMs, firstHypothesisMs, settledMs }: CaseRun): string {
  const first = incidents[0]?.hypotheses[0];
  const cause =
    first === undefined ? 'no hypothesis' : `${first.service} ${first.kind} ${first.probability.toFixed(2)}`;
  const pages = incidents.length > 1 ? `${incidents.length} pages, ` : '';
  return `${name}: ${pages}${cause} (${incidents[0]?.verdict ?? 'missing'}; sent in ${sendMs} ms, first ${firstHypothesisMs} ms, settled ${settledMs} ms)`;
}

/** One JSON line per case. */
export function writeLines(path: string, judged: readonly Judged[]): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, judged.map((one) => `${JSON.stringify(one)}\n`).join(''));
}
