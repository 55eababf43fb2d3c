/** What the core saw, kept outside the repository, so that ranking alone can be tried again on every case in seconds. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { createCore, createState, planEvidence, type RankingInput, rankHypotheses } from '@faultline/correlation';
import { type JournalEntry, parseScope } from '@faultline/model';
import type { Truth } from './truth.ts';

/** One case: what every incident of it was last ranked from, in the order in which they opened. */
export interface KeptEvidence {
  readonly case: string;
  readonly system: string;
  readonly truth: Truth | null;
  /** What was added to the case's own times. */
  readonly shiftMs: number;
  readonly inputs: readonly RankingInput[];
  readonly firstHypothesisMs: number | null;
}

/** Replays a journal and gives what each incident was last ranked from. Only incidents that got evidence are among them. */
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
  // An incident whose alerts all went to another has no page of its own.
  return [...last].filter(([id]) => state.incidents.get(id)?.status !== 'resolved').map(([, input]) => input);
}

const suffix = '.json.zst';

export function keepEvidence(folder: string, kept: KeptEvidence): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, kept.case + suffix), zstdCompressSync(JSON.stringify(kept)));
}

const costFile = 'cpu-seconds-per-case.json';

/** What a case cost on average when the folder was filled. */
export function keepCost(folder: string, cpuSecondsPerCase: number): void {
  writeFileSync(join(folder, costFile), JSON.stringify(cpuSecondsPerCase));
}

/** Null where the play has not come to its end. */
export function readCost(folder: string): number | null {
  const path = join(folder, costFile);
  return existsSync(path) ? Number(readFileSync(path, 'utf8')) : null;
}

/** The cases of a folder whose name holds `only`, sorted by name. One at a time: together they are large. */
export function* readEvidence(folder: string, only = ''): Generator<KeptEvidence> {
  const files = readdirSync(folder).filter((file) => file.endsWith(suffix) && file.includes(only));
  for (const file of files.sort())
    yield JSON.parse(zstdDecompressSync(readFileSync(join(folder, file))).toString()) as KeptEvidence;
}

/** What the page with the most alerts was ranked from; null when there was no page. */
export function mainInput({ inputs }: KeptEvidence): RankingInput | null {
  return inputs.toSorted((a, b) => b.alerts.length - a.alerts.length)[0] ?? null;
}
