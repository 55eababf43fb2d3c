/** What other parts ask of an incident's records, and the one place that replaces its evidence. */
import type { IncidentEvidence, IncidentHistory, IncidentState, ScopeState } from './state.ts';

/** Whether alerts may join and evidence is wanted. */
export function isOpen(incident: Pick<IncidentState, 'status'>): boolean {
  return incident.status !== 'resolved';
}

const emptyHistory: IncidentHistory = { timeline: [], commands: [], pin: null, resolution: null, rejections: [] };

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

/** Replaces what was done to an incident and keeps the index; null removes it. The caller marks the record as touched. */
export function setHistory(state: ScopeState, incidentId: string, history: IncidentHistory | null): void {
  state.index.pinChanged(incidentId, state.histories.get(incidentId)?.pin?.service, history?.pin?.service);
  if (history === null) state.histories.delete(incidentId);
  else state.histories.set(incidentId, history);
}
