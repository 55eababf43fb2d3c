/** Plays the cases in one running process, one tenant a case, and writes one JSON line for each. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type App, loadAppConfig, startApp } from '@faultline/all';
import { codecs, type EvidenceAnswer, parseScope } from '@faultline/model';
import { anyPort } from '../play/any-port.ts';
import { createFrontDoor } from '../play/front-door.ts';
import { rankByThreeRules } from './baseline.ts';
import { type Case, findCases, readTruth } from './case.ts';
import { type Played, playCase } from './play.ts';
import { formatReport, type Judged, judge } from './report.ts';

export interface EvaluationOptions {
  readonly cases: string;
  readonly truth: string;
  readonly out: string;
  readonly only: string;
  readonly atOnce: number;
  readonly print: (line: string) => void;
}

const patienceMs = 120_000;

/** Resolves with what was played, in the order of the cases' names. */
export async function runEvaluation(options: EvaluationOptions): Promise<readonly Judged[]> {
  const cases = findCases(options.cases).filter(({ name }) => name.includes(options.only));
  const truth = readTruth(options.truth);
  const folder = mkdtempSync(join(tmpdir(), 'faultline-eval-'));
  const app = await startApp(loadAppConfig({ overrides: evaluationConfig(folder) }));
  try {
    const played = await playAll(cases, app.value, options);
    const answers = await lastAnswers(app.value);
    const judged = played.map((one) => judge(one, truth.get(one.case), baselineOf(answers.get(one.case))));
    writeLines(options.out, judged);
    options.print(formatReport(judged));
    return judged;
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
    log: { level: 'error' },
  };
}

async function playAll(cases: readonly Case[], app: App, options: EvaluationOptions): Promise<Played[]> {
  const played: Played[] = [];
  const waiting = [...cases];
  const worker = async (): Promise<void> => {
    for (let subject = waiting.shift(); subject !== undefined; subject = waiting.shift()) {
      const door = createFrontDoor({ http: app.addresses.http, otlp: app.addresses.otlpHttp, tenant: subject.name });
      const result = await playCase(subject, door, { patienceMs });
      played.push(result);
      options.print(progressLine(result));
    }
  };
  await Promise.all(Array.from({ length: options.atOnce }, worker));
  return played.sort((a, b) => (a.case < b.case ? -1 : 1));
}

function progressLine(played: Played): string {
  const [first] = played.hypotheses;
  const cause =
    first === undefined ? 'no hypothesis' : `${first.service} ${first.kind} ${first.probability.toFixed(2)}`;
  return `${played.case}: ${cause} (${played.verdict}; sent in ${played.sendMs} ms, first ${played.firstHypothesisMs} ms, settled ${played.settledMs} ms)`;
}

/** The last evidence of each tenant, from the journal: the baseline judges the very rows that the product saw. */
async function lastAnswers(app: App): Promise<ReadonlyMap<string, EvidenceAnswer>> {
  const answers = new Map<string, EvidenceAnswer>();
  for (const { partition } of await app.bus.offsets('journal'))
    for await (const record of app.bus.read({ topic: 'journal', partition, from: 0n })) {
      const entry = record.value === null ? null : codecs.journalEntry.decode(record.value);
      if (entry?.ok !== true || entry.value.input.kind !== 'answer') continue;
      answers.set(parseScope(entry.value.scopeKey)?.tenant ?? '', entry.value.input.answer);
    }
  return answers;
}

function baselineOf(answer: EvidenceAnswer | undefined): readonly string[] | null {
  return answer === undefined ? null : rankByThreeRules(answer);
}

function writeLines(path: string, judged: readonly Judged[]): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, judged.map((one) => `${JSON.stringify(one)}\n`).join(''));
}
