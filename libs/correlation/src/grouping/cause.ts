/** The cause by which grouping compares incidents. */
import type { Ranking } from '../ranking/input/ranking.ts';
import { applyRejections } from '../state/judgement.ts';
import type { IncidentHistory, ScopeState } from '../state/state.ts';

/** What people said of the cause. */
export type Corrections = Pick<IncidentHistory, 'pin'> & Partial<Pick<IncidentHistory, 'rejections'>>;

/** The service that the ranking identified as the cause and nobody refused. Null when there is none, or a person pinned another one. */
export function identifiedCause(
  ranking: Pick<Ranking, 'verdict' | 'hypotheses'> | undefined,
  history: Corrections | undefined,
): string | null {
  const judged =
    ranking === undefined ? undefined : applyRejections(ranking, { rejections: history?.rejections ?? [] });
  const cause = judged?.verdict === 'identified' ? judged.hypotheses[0]?.cause.service : undefined;
  return cause === undefined || (history?.pin?.service ?? cause) !== cause ? null : cause;
}

/** What the evidence of an incident names first, whether identified or not. Null when a person pinned or refused it. */
export function suspectOf(
  { evidence, histories }: Pick<ScopeState, 'evidence' | 'histories'>,
  incidentId: string,
): { readonly service: string; readonly probability: number } | null {
  const ranking = evidence.get(incidentId)?.ranking;
  const { pin = null, rejections = [] } = histories.get(incidentId) ?? {};
  const first =
    ranking === undefined || pin !== null ? undefined : applyRejections(ranking, { rejections }).hypotheses[0];
  return first === undefined ? null : { service: first.cause.service, probability: first.probability };
}

/** The identified cause of an incident by its own evidence. */
export function causeOf(state: ScopeState, incidentId: string): string | null {
  return identifiedCause(state.evidence.get(incidentId)?.ranking, state.histories.get(incidentId));
}
