/** What the numbers are worth on faults that nobody had seen: each family is ranked by numbers fitted without it. */
import { rankWith } from '@faultline/correlation';
import { fitTuning } from '../fit/fit.ts';
import { readSamples } from '../fit/sample.ts';
import { type KeptEvidence, readEvidence } from './evidence-file.ts';
import type { Judged } from './judge.ts';
import { judgeKept } from './rank-kept.ts';
import type { Truth } from './truth.ts';

export interface LeaveOutOptions {
  readonly folders: readonly string[];
  readonly truthOf: (kept: KeptEvidence) => Truth | null;
  readonly print: (line: string) => void;
}

/** Cases with a fault, each judged by numbers that were not fitted on its family. */
export function leaveFamiliesOut({ folders, truthOf, print }: LeaveOutOptions): Judged[] {
  const samples = readSamples(folders, truthOf);
  const whole = fitTuning(samples, { without: null, from: null, print });
  const families = [
    ...new Set(samples.filter(({ services }) => services.length > 0).map(({ family }) => family)),
  ].sort();
  return families.flatMap((family) => {
    const tuning = fitTuning(samples, {
      without: family,
      from: whole,
      print: (line) => print(`without ${family}: ${line}`),
    });
    return folders.flatMap((folder) =>
      [...readEvidence(folder)].flatMap((kept) => {
        const truth = truthOf(kept);
        if (truth?.family !== family || truth.services.length === 0) return [];
        return judgeKept(kept, truth, { rank: (input) => rankWith(tuning, input) }) ?? [];
      }),
    );
  });
}
