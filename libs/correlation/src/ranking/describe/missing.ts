/** Which parts of the evidence are missing. */
import type { MissingEvidence } from '@faultline/model';
import type { RankingInput } from '../input/ranking.ts';

/** What the query did not return, then every signal without a row. */
export function missingEvidence({ answer }: Pick<RankingInput, 'answer'>): MissingEvidence[] {
  if (answer === null) return [{ part: 'evidence', code: 'none', detail: '' }];
  const rows = { spans: answer.operations, logs: answer.templates, metrics: answer.series };
  const absent = Object.entries(rows).filter(([, found]) => found.length === 0);
  return [...answer.missing, ...absent.map(([part]): MissingEvidence => ({ part, code: 'none', detail: '' }))];
}
