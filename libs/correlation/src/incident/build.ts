/** The incident as the world sees it, from what the state knows. */
import type { Incident, MissingEvidence } from '@faultline/model';
import { serviceOf } from '../alert/subject.ts';
import type { Draft } from '../state/draft.ts';
import { firstMembers, memberServices, membersOf, worstSeverity } from '../state/members.ts';
import type { IncidentEvidence, IncidentState } from '../state/state.ts';
import { historyOf } from './life.ts';
import { incidentAlert } from './member.ts';
import { findOwners, findRunbooks } from './owner.ts';
import { pinHypotheses } from './pin.ts';
import { rankIncident } from './rank.ts';
import { findSimilar } from './similar.ts';
import { timelineOf } from './timeline.ts';
import { titleOf } from './title.ts';
import { missingText } from './words.ts';

const maxAlerts = 100;
/** Services whose first alert comes later than that are not asked for owners and runbooks. */
const maxServiceAlerts = 500;

/** The next revision's content. */
export function buildIncident(draft: Draft, incident: IncidentState): Incident {
  const { state } = draft;
  const members = membersOf(state, incident.id);
  const evidence = state.evidence.get(incident.id) ?? withoutEvidence(draft, incident);
  const history = historyOf(draft, incident.id);
  const hypotheses = pinHypotheses(evidence.ranking.hypotheses, history.pin);
  const verdict = history.pin === null ? evidence.ranking.verdict : 'identified';
  const cause = verdict === 'identified' ? hypotheses[0]?.cause : undefined;
  const services = memberServices(state, incident.id);
  const actors = ownerInput(draft, incident, cause?.service ?? '');
  return {
    id: incident.id,
    revision: incident.revision + 1,
    status: incident.status,
    scope: state.scope,
    title: titleOf({ verdict, hypotheses }, state.alerts.get(incident.anchor), {
      alerts: members.keys.size,
      services: services.length,
    }),
    severity: members.keys.size === 0 ? incident.severity : worstSeverity(members),
    startedAtMs: incident.startedAtMs,
    detectedAtMs: incident.detectedAtMs,
    updatedAtMs: draft.atMs,
    resolvedAtMs: incident.resolvedAtMs,
    resolution: history.resolution,
    verdict,
    evidenceState: incident.evidenceState,
    alertCount: members.keys.size,
    firingCount: members.firing,
    alerts: firstMembers(state, incident.id, maxAlerts).map(incidentAlert),
    hypotheses,
    graph: evidence.ranking.graph,
    changes: evidence.ranking.changes,
    similar: findSimilar(
      {
        causeService: cause?.service ?? '',
        causeKind: cause?.kind ?? '',
        alertNames: members.names,
      },
      evidence.past.filter((row) => row.incidentId !== incident.id),
    ),
    owners: findOwners(actors),
    runbooks: findRunbooks(actors),
    timeline: timelineOf({ events: members.events, ranking: evidence.ranking, history: history.timeline }),
    missingEvidence: [...new Set(missingOf(incident, evidence).map(missingText))],
    commands: history.commands,
  };
}

function withoutEvidence(draft: Draft, incident: IncidentState): IncidentEvidence {
  return { ranking: rankIncident(draft, incident, null), related: [], past: [], missing: [], reachable: false };
}

/** The cause first, then the services that alert by the time of their first alert. */
function ownerInput(draft: Draft, incident: IncidentState, cause: string) {
  const members = firstMembers(draft.state, incident.id, maxServiceAlerts);
  const alerting = members.map((alert) => serviceOf(alert.entities));
  const services = [...new Set([cause, ...alerting])].filter((service) => service !== '');
  return { services, cause, members: members.slice(0, maxAlerts), catalogue: draft.config.catalogue };
}

function missingOf(incident: IncidentState, evidence: IncidentEvidence): MissingEvidence[] {
  const isPending = incident.evidenceState === 'pending' && evidence.missing.length === 0;
  const pending: MissingEvidence[] = isPending ? [{ part: 'evidence', code: 'pending', detail: '' }] : [];
  return [...pending, ...evidence.missing, ...evidence.ranking.missingEvidence];
}
