/** Judges an incident by a new evidence result. */
import type { EvidenceResult } from '@faultline/model';
import { knownGraph, relatedServices } from '../grouping/graph.ts';
import { hasBaseline } from '../ranking/input/baseline.ts';
import type { StepContext } from '../state/context.ts';
import { setEvidence } from '../state/incident.ts';
import { membersOf } from '../state/members.ts';
import type { IncidentEvidence, IncidentState } from '../state/state.ts';
import { rankIncident } from './rank.ts';

/** Whether the store could be read at all. */
export function isReachable({ missing }: EvidenceResult): boolean {
  return !missing.some(({ part }) => part === 'store');
}

/** Ranks the incident again and keeps what the result shows. */
export function judgeIncident(step: StepContext, incident: IncidentState, result: EvidenceResult): void {
  const evidence = newEvidence(step, incident, result);
  if (isReachable(result)) incident.evidenceState = result.settled ? 'settled' : 'provisional';
  step.touch(`evidence/${incident.id}`);
  setEvidence(step.state, incident.id, evidence);
}

/** What is known after this result. An unreachable store does not replace earlier evidence: `missing` says that it is old. */
function newEvidence(step: StepContext, incident: IncidentState, result: EvidenceResult): IncidentEvidence {
  const { state, config } = step;
  const { past, missing } = result;
  const reachable = isReachable(result);
  const known = state.evidence.get(incident.id);
  if (!reachable && known?.reachable === true) return { ...known, missing };
  const fresh = rankIncident(step, incident, reachable ? result : null);
  // In an incident that lasts longer than evidence reaches back, what was found at its beginning stays on record as well.
  // Signals that recovered no longer show the cause: what was found while they were degraded stays on record.
  const hasRecovered = incident.quietSinceMs !== null && fresh.verdict === 'inconclusive' && known !== undefined;
  const isBeyondEvidence = !hasBaseline({ answer: result, startedAtMs: incident.startedAtMs }) && known !== undefined;
  const ranking = hasRecovered || isBeyondEvidence ? { ...known.ranking, disturbed: fresh.disturbed } : fresh;
  const members = membersOf(state, incident.id).services;
  const related = reachable
    ? relatedServices(knownGraph(state), members, ranking.disturbedServices, config.maxHops)
    : [];
  return { ranking, past, missing, related, reachable };
}
