import type { IncidentEvidence, ScopeState } from './state.ts';

/** Replaces what the last evidence said of an incident, null: forgets it; and keeps the index. The caller touches its record. */
export function setEvidence(state: ScopeState, incidentId: string, evidence: IncidentEvidence | null): void {
  state.index.evidenceChanged(incidentId, state.evidence.get(incidentId), evidence ?? undefined);
  if (evidence === null) state.evidence.delete(incidentId);
  else state.evidence.set(incidentId, evidence);
}

/** The service that the last evidence identified as the cause; null when it could not, or when somebody pinned another one. */
export function namedCause(state: ScopeState, incidentId: string): string | null {
  const ranking = state.evidence.get(incidentId)?.ranking;
  const cause = ranking?.verdict === 'identified' ? ranking.hypotheses[0]?.cause.service : undefined;
  const pinned = state.histories.get(incidentId)?.pin?.service ?? cause;
  return cause === undefined || pinned !== cause ? null : cause;
}
