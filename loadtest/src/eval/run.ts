/** Plays the cases in one running process, one tenant a case, and writes one JSON line for each. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type App, loadAppConfig, type ServiceName, startApp } from '@faultline/all';
import { type EvidenceAnswer, parseJournalFile } from '@faultline/model';
import { anyPort } from '../play/any-port.ts';
import { createFrontDoor, type FrontDoor } from '../play/front-door.ts';
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
/** All but the notifier: nobody is to be paged for a play. */
const services: ReadonlySet<ServiceName> = new Set(['ingest', 'recorder', 'correlator', 'query']);

/** Resolves with what was played, in the order of the cases' names. */
export async function runEvaluation(options: EvaluationOptions): Promise<readonly Judged[]> {
  const cases = findCases(options.cases).filter(({ name }) => name.includes(options.only));
  const truth = readTruth(options.truth);
  const folder = mkdtempSync(join(tmpdir(), 'faultline-eval-'));
  const app = await startApp(loadAppConfig({ overrides: evaluationConfig(folder) }), { only: services });
  try {
    const played = await playAll(cases, app.value, options);
    const judged = played.map((one) => judge(one.played, truth.get(one.played.case), one.baseline));
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

interface PlayedBeside {
  readonly played: Played;
  /** The services that the three rules blame, from the very rows that the product saw; null when no evidence came. */
  readonly baseline: readonly string[] | null;
}

async function playAll(cases: readonly Case[], app: App, options: EvaluationOptions): Promise<PlayedBeside[]> {
  const done: PlayedBeside[] = [];
  const waiting = [...cases];
  const worker = async (): Promise<void> => {
    for (let subject = waiting.shift(); subject !== undefined; subject = waiting.shift()) {
      const { http, otlpHttp } = app.addresses;
      const door = createFrontDoor({ http, otlp: otlpHttp, tenant: subject.name });
      const played = await playCase(subject, door, { patienceMs });
      const answer = played.incidentId === null ? null : await lastAnswer(door, played.incidentId);
      done.push({ played, baseline: answer === null ? null : rankByThreeRules(answer) });
      options.print(progressLine(played));
    }
  };
  await Promise.all(Array.from({ length: options.atOnce }, worker));
  return done.sort((a, b) => (a.played.case < b.played.case ? -1 : 1));
}

/** The evidence that came last, from the incident's export. */
async function lastAnswer(door: FrontDoor, incidentId: string): Promise<EvidenceAnswer | null> {
  const file = parseJournalFile(await door.getText(`/api/v1/incidents/${incidentId}/export`));
  const answers = file.ok ? file.value.entries.map(({ input }) => (input.kind === 'answer' ? input.answer : null)) : [];
  return answers.findLast((answer) => answer !== null && answer.operations.length + answer.series.length > 0) ?? null;
}

function progressLine(played: Played): string {
  const [first] = played.hypotheses;
  const cause =
    first === undefined ? 'no hypothesis' : `${first.service} ${first.kind} ${first.probability.toFixed(2)}`;
  return `${played.case}: ${cause} (${played.verdict}; sent in ${played.sendMs} ms, first ${played.firstHypothesisMs} ms, settled ${played.settledMs} ms)`;
}

function writeLines(path: string, judged: readonly Judged[]): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, judged.map((one) => `${JSON.stringify(one)}\n`).join(''));
}
