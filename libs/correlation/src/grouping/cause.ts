/** The cause by which grouping compares incidents. */
import type { Ranking } from '../ranking/input/ranking.ts';
import type { IncidentHistory, ScopeState } from '../state/state.ts';

/** The service that the ranking identified as the cause. Null when it identified none, or a person pinned another one. */
export function identifiedCause(
  ranking: Pick<Ranking, 'verdict' | 'hypotheses'> | undefined,
  pin: IncidentHistory['pin'] | undefined,
): string | null {
  const cause = ranking?.verdict === 'identified' ? ranking.hypotheses[0]?.cause.service : undefined;
  return cause === undefined || (pin?.service ?? cause) !== cause ? null : cause;
}

/** The identified cause of an incident by its own evidence. */
export function causeOf(state: ScopeState, incidentId: string): string | null {
  return identifiedCause(state.evidence.get(incidentId)?.ranking, state.histories.get(incidentId)?.pin);
}
