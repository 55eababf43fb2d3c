/** What other parts ask of an incident's records, and the one place that replaces its evidence. */
import type { Ranking } from '../ranking/input/ranking.ts';
import type { IncidentEvidence, IncidentHistory, IncidentState, ScopeState } from './state.ts';

/** Whether alerts may join and evidence is wanted. */
export function isOpen(incident: Pick<IncidentState, 'status'>): boolean {
  return incident.status !== 'resolved';
}

const emptyHistory: IncidentHistory = { timeline: [], commands: [], pin: null, resolution: null };

/** What was done to the incident so far. */
export function historyOf({ histories }: Pick<ScopeState, 'histories'>, incidentId: string): IncidentHistory {
  return histories.get(incidentId) ?? emptyHistory;
}

/** Replaces an incident's evidence and keeps the index; null removes it. The caller marks the record as touched. */
export function setEvidence(state: ScopeState, incidentId: string, evidence: IncidentEvidence | null): void {
  state.index.evidenceChanged(incidentId, state.evidence.get(incidentId), evidence ?? undefined);
  if (evidence === null) state.evidence.delete(incidentId);
  else state.evidence.set(incidentId, evidence);
}

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
