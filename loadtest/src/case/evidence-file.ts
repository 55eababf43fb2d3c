/** Keeps the input of the ranking on disk, so that a changed ranking can be evaluated in seconds. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { createCore, createState, planEvidence, type RankingInput, rankHypotheses } from '@faultline/correlation';
import { type JournalEntry, parseScope } from '@faultline/model';
import type { Truth } from './truth.ts';

/** One case: the last ranking input of each of its incidents, in the order in which they opened. */
export interface KeptEvidence {
  readonly case: string;
  readonly system: string;
  readonly truth: Truth | null;
  /** Milliseconds added to the case's own times. */
  readonly shiftMs: number;
  readonly inputs: readonly RankingInput[];
  readonly firstHypothesisMs: number | null;
}

/** Replays a journal and returns the last ranking input of each incident. Skips incidents without evidence. */
export function inputsOf(entries: readonly JournalEntry[]): RankingInput[] {
  const scope = parseScope(entries[0]?.scopeKey ?? '');
  if (scope === null) return [];
  const last = new Map<string, RankingInput>();
  const core = createCore({
    planEvidence,
    rankHypotheses: (input) => {
      if (input.answer !== null) last.set(input.answer.incidentId, input);
      return rankHypotheses(input);
    },
  });
  let state = createState(scope);
  for (const entry of entries) state = core.step(state, entry).state;
  // An incident that was merged into another has no page.
  return [...last].filter(([id]) => state.incidents.get(id)?.status !== 'resolved').map(([, input]) => input);
}

const suffix = '.json.zst';

export function keepEvidence(folder: string, kept: KeptEvidence): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, kept.case + suffix), zstdCompressSync(JSON.stringify(kept)));
}

const costFile = 'cpu-seconds-per-case.json';

/** Average CPU time per case of the run that filled the folder. */
export function keepCost(folder: string, cpuSecondsPerCase: number): void {
  writeFileSync(join(folder, costFile), JSON.stringify(cpuSecondsPerCase));
}

/** Null when the run did not finish. */
export function readCost(folder: string): number | null {
  const path = join(folder, costFile);
  return existsSync(path) ? Number(readFileSync(path, 'utf8')) : null;
}

/** The cases whose name contains `only`, sorted by name. Yields one at a time, because they are large. */
export function* readEvidence(folder: string, only = ''): Generator<KeptEvidence> {
  const files = readdirSync(folder).filter((file) => file.endsWith(suffix) && file.includes(only));
  for (const file of files.sort())
    yield JSON.parse(zstdDecompressSync(readFileSync(join(folder, file))).toString()) as KeptEvidence;
}

/** The input of the page with the most alerts. Null when there was no page. */
export function mainInput({ inputs }: KeptEvidence): RankingInput | null {
  return inputs.toSorted((a, b) => b.alerts.length - a.alerts.length)[0] ?? null;
}
