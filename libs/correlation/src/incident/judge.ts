/** Judges an incident by a new evidence result. */
import type { EvidenceResult } from '@faultline/model';
import { knownGraph, relatedServices } from '../grouping/graph.ts';
import type { StepContext } from '../state/context.ts';
import { setEvidence } from '../state/incident.ts';
import { membersOf } from '../state/members.ts';
import type { IncidentState } from '../state/state.ts';
import { rankIncident } from './rank.ts';

/** Whether the store could be read at all. */
export function isReachable({ missing }: EvidenceResult): boolean {
  return !missing.some(({ part }) => part === 'store');
}

/** Ranks the incident again and keeps what the result shows. An unreachable store does not replace earlier evidence. */
export function judgeIncident(step: StepContext, incident: IncidentState, result: EvidenceResult): void {
  const { state, config } = step;
  const { past, missing, settled } = result;
  const reachable = isReachable(result);
  const known = state.evidence.get(incident.id);
  step.touch(`evidence/${incident.id}`);
  if (!reachable && known?.reachable === true) {
    // Earlier evidence is better than none; `missing` says that it is old.
    setEvidence(state, incident.id, { ...known, missing });
    return;
  }
  const fresh = rankIncident(step, incident, reachable ? result : null);
  // Signals that recovered no longer show the cause: what was found while they were degraded stays on record.
  const hasRecovered = incident.quietSinceMs !== null && fresh.verdict === 'inconclusive' && known !== undefined;
  const ranking = hasRecovered ? { ...known.ranking, disturbed: fresh.disturbed } : fresh;
  const members = membersOf(state, incident.id).services;
  const related = reachable
    ? relatedServices(knownGraph(state), members, ranking.disturbedServices, config.maxHops)
    : [];
  setEvidence(state, incident.id, { ranking, past, missing, related, reachable });
  if (reachable) incident.evidenceState = settled ? 'settled' : 'provisional';
}
