/** Which parts of the evidence are missing. */
import type { MissingEvidence } from '@faultline/model';
import type { RankedAlert, RankingInput } from '../input/ranking.ts';

/** Whether any alert names what it is about. Otherwise nothing but the time connects telemetry with the incident. */
export function namesSubject(alerts: readonly Pick<RankedAlert, 'entities'>[]): boolean {
  return alerts.some(({ entities }) => Object.keys(entities).length > 0);
}

/** What the alerts do not say, what the query did not return, then every signal without a row. */
export function missingEvidence({ answer, alerts }: Pick<RankingInput, 'answer' | 'alerts'>): MissingEvidence[] {
  if (!namesSubject(alerts)) return [{ part: 'alerts', code: 'no-subject', detail: '' }];
  if (answer === null) return [{ part: 'evidence', code: 'none', detail: '' }];
  const rows = { spans: answer.operations, logs: answer.templates, metrics: answer.series };
  const absent = Object.entries(rows).filter(([, found]) => found.length === 0);
  return [...answer.missing, ...absent.map(([part]): MissingEvidence => ({ part, code: 'none', detail: '' }))];
}
