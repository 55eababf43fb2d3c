/** Judges an incident by a new evidence result. */
import type { EvidenceResult } from '@faultline/model';
import { environmentsRead, namedEnvironments, tellingOnes } from '../grouping/environment.ts';
import { knownGraph, relatedServices } from '../grouping/graph.ts';
import { hasBaseline } from '../ranking/input/baseline.ts';
import type { Ranking } from '../ranking/input/ranking.ts';
import type { StepContext } from '../state/context.ts';
import { setEvidence } from '../state/incident.ts';
import { membersOf } from '../state/members.ts';
import type { IncidentEvidence, IncidentState } from '../state/state.ts';
import { subjectOf } from '../state/subject.ts';
import { isReachable } from './completeness.ts';
import { namesIn, possibleEntities } from './qualified-names.ts';
import { rankIncident } from './rank.ts';

/** Ranks the incident again and keeps what the result shows. */
export function judgeIncident(step: StepContext, incident: IncidentState, result: EvidenceResult): void {
  const evidence = newEvidence(step, incident, result);
  if (isReachable(result)) incident.evidenceState = result.settled ? 'settled' : 'provisional';
  step.touch(`evidence/${incident.id}`);
  setEvidence(step.state, incident.id, evidence);
}

/** What is known after this result. An unreachable store does not replace earlier evidence: `missing` says that it is old. */
function newEvidence(step: StepContext, incident: IncidentState, result: EvidenceResult): IncidentEvidence {
  const { state } = step;
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
  const environment = reachable ? result.environment : known?.environment;
  const found: IncidentEvidence = {
    ranking,
    past,
    missing,
    related: [],
    reachable,
    ...(environment && { environment }),
  };
  if (!reachable) return found;
  const recordedMs = Object.values(result.recordedUntilMs ?? {});
  return {
    ...found,
    ...(recordedMs.length > 0 && { recordedUntilMs: Math.min(...recordedMs) }),
    related: relatedOf(step, incident, found),
    ...(hasSharedCause(ranking, result) ? { hasSharedCause: true } : {}),
  };
}

function relatedOf(step: StepContext, { id }: IncidentState, evidence: IncidentEvidence): readonly string[] {
  const { state, config } = step;
  const members = membersOf(state, id);
  const environments = tellingOnes(state, namedEnvironments(members.environments.keys(), evidence));
  const graph = knownGraph(state, environments);
  const services = memberServices(members, evidence);
  return relatedServices(graph, services, evidence.ranking.disturbedServices, config.maxHops);
}

function memberServices(members: ReturnType<typeof membersOf>, evidence: IncidentEvidence): readonly string[] {
  if (environmentsRead(evidence).length < 2) return members.services;
  const names = namesIn(evidence);
  const services = members
    .all()
    .flatMap(({ entities, environment }) => possibleEntities(names, entities, environment))
    .map((entities) => subjectOf(entities).service);
  return [...new Set(services)].filter((name) => name !== '').sort();
}

/** A node, a zone, or what only its callers show: environments may have it in common. */
function hasSharedCause({ hypotheses }: Ranking, { presence, operations }: EvidenceResult): boolean {
  const cause = hypotheses[0]?.cause;
  if (cause === undefined) return false;
  if (cause.kind === 'node' || cause.kind === 'zone') return true;
  const isIts = ({ service }: { readonly service: string }) => service === cause.service;
  return !presence.some(isIts) && !operations.some(isIts);
}
