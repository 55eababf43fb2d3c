/** Tests the numbers on unseen faults: each family is ranked with numbers fitted without it. */
import { rankWith, tuned } from '@faultline/correlation';
import { isGeneratedSystem } from '../case/evaluation-case.ts';
import { type KeptEvidence, readEvidence } from '../case/evidence-file.ts';
import type { Truth } from '../case/truth.ts';
import { fitTuning } from '../fit/fit.ts';
import { readSamples } from '../fit/sample.ts';
import type { Judged } from './judge.ts';
import { judgeKept } from './rank-kept.ts';

interface LeaveOutOptions {
  readonly folders: readonly string[];
  readonly truthOf: (kept: KeptEvidence) => Truth | null;
  /** Whether to leave out families of generated cases as well. This takes several more fits. */
  readonly withGeneratedFamilies: boolean;
  readonly print: (line: string) => void;
}

/** Judges each case with a fault by numbers fitted without its family. */
export function leaveFamiliesOut({ folders, truthOf, withGeneratedFamilies, print }: LeaveOutOptions): Judged[] {
  const samples = readSamples(folders, truthOf);
  const families = [
    ...new Set(
      samples
        .filter(({ services, system }) => services.length > 0 && (withGeneratedFamilies || !isGeneratedSystem(system)))
        .map(({ family }) => family),
    ),
  ].sort();
  return families.flatMap((family) => {
    const tuning = fitTuning(samples, {
      without: family,
      calibration: tuned.calibration,
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
