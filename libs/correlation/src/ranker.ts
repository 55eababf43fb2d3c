/** The two judgements that the machine leaves to others: what to ask, and what the answer means. Pure functions, so the core stays pure. */
import type { EvidenceQuery } from '@faultline/model';
import type { Ranking, RankingInput } from './ranking/input/ranking.ts';

export interface Ranker {
  readonly rankHypotheses: (input: RankingInput) => Ranking;
  readonly planEvidence: (times: {
    readonly startedAtMs: number;
    readonly nowMs: number;
  }) => Pick<EvidenceQuery, 'slices' | 'series' | 'seriesHistory'>;
}
