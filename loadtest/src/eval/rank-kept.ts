/** Ranks kept evidence with the current code, in seconds instead of minutes. */
import type { Ranking, RankingInput } from '@faultline/correlation';
import type { KeptEvidence } from '../case/evidence-file.ts';
import type { Truth } from '../case/truth.ts';
import { type Judged, judge } from './judge.ts';
import { rankAgain } from './prediction.ts';
import { baselineOf } from './run-cases.ts';

/** Returns null for a case without a label. `rank` replaces the ranking; `alter` changes its input. */
export function judgeKept(
  kept: KeptEvidence,
  truth: Truth | null,
  how: { rank?: (input: RankingInput) => Ranking; alter?: (input: RankingInput) => RankingInput } = {},
): Judged | null {
  if (truth === null) return null;
  const { alter = (input: RankingInput) => input, rank } = how;
  const incidents = kept.inputs.map((input) => rankAgain(alter(input), kept.shiftMs, rank));
  return judge({ case: kept.case, system: kept.system, incidents, baseline: baselineOf(kept) }, truth);
}
