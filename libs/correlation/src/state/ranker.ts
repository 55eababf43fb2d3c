/** The two judgements that the machine leaves to others. Both are pure functions, so the machine stays pure. */
import type { EvidenceQuery } from '@faultline/model';
import type { Ranking, RankingInput } from '../ranking/input/ranking.ts';

export interface Ranker {
  /** Ranks the possible causes of one incident. */
  readonly rankHypotheses: (input: RankingInput) => Ranking;
  /** Chooses the time ranges of an evidence query. */
  readonly planEvidence: (times: {
    readonly startedAtMs: number;
    readonly nowMs: number;
  }) => Pick<EvidenceQuery, 'slices' | 'series' | 'seriesHistory'>;
}
