/** Which parts of the evidence are missing. */
import type { MissingEvidence } from '@faultline/model';
import type { RankingInput } from '../input/ranking.ts';
import { subjectGap } from '../input/subject.ts';

/** What the alerts do not say, what the query did not return, then every signal without a row. */
export function missingEvidence(
  input: Pick<RankingInput, 'answer' | 'alerts' | 'declaredEdges' | 'findings'>,
): MissingEvidence[] {
  const { answer } = input;
  const subject = subjectGap(input);
  if (subject?.code === 'no-subject') return [subject];
  if (answer === null) return [{ part: 'evidence', code: 'none', detail: '' }];
  // Nothing at all was found: no single signal needs a line.
  if (subject?.code === 'none') return [subject, ...answer.missing];
  const rows = { spans: answer.operations, logs: answer.templates, metrics: answer.series };
  const absent = Object.entries(rows).filter(([, found]) => found.length === 0);
  return [
    ...(subject?.code === 'unknown-subject' ? [subject] : []),
    ...answer.missing,
    ...absent.map(([part]): MissingEvidence => ({ part, code: 'none', detail: '' })),
  ];
}
