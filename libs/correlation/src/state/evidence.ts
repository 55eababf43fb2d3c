import type { IncidentEvidence, ScopeState } from './state.ts';

/** Replaces what the last evidence said of an incident, null: forgets it; and keeps the index. The caller touches its record. */
export function setEvidence(state: ScopeState, incidentId: string, evidence: IncidentEvidence | null): void {
  state.index.evidenceChanged(incidentId, state.evidence.get(incidentId), evidence ?? undefined);
  if (evidence === null) state.evidence.delete(incidentId);
  else state.evidence.set(incidentId, evidence);
}
