/** Builds the public incident from the state. */
import { type Hypothesis, type Incident, incidentTraits, type MissingEvidence, type Scope } from '@faultline/model';
import { environmentsOf } from '../grouping/environment.ts';
import { retryDelayMs } from '../incident/query.ts';
import { rankIncident } from '../incident/rank.ts';
import { emptyRanking } from '../ranking/input/ranking.ts';
import type { CoreConfig } from '../state/config.ts';
import type { StepContext } from '../state/context.ts';
import { historyOf, isOpen } from '../state/incident.ts';
import { applyRejections, withoutRefused } from '../state/judgement.ts';
import { membersOf } from '../state/members.ts';
import type { IncidentEvidence, IncidentState } from '../state/state.ts';
import { subjectOf } from '../state/subject.ts';
import { concurrentIncidents } from './concurrent.ts';
import { incidentAlert } from './member.ts';
import { findOwners, findRunbooks } from './owner.ts';
import { pinHypotheses } from './pin.ts';
import { remediationsOf } from './remediations.ts';
import { firstWithWorst } from './shown.ts';
import { findSimilar } from './similar.ts';
import { stagesOf } from './stages.ts';
import { timelineOf } from './timeline.ts';
import { titleOf } from './title.ts';
import { resolutionText, timelineEntry } from './words/event.ts';
import { missingText } from './words/missing.ts';
import { commandResult } from './words/refusal.ts';
import { triageOf } from './words/triage.ts';

const maxAlerts = 100;
/** Members whose services may name owners and runbooks: the first by event time. */
const maxServiceAlerts = 500;

/** The next revision's content. */
export function buildIncident(step: StepContext, incident: IncidentState): Incident {
  const { state } = step;
  const members = membersOf(state, incident.id);
  const evidence =
    incident.isFlood === true
      ? floodEvidence(step)
      : (state.evidence.get(incident.id) ?? withoutEvidence(step, incident));
  const history = historyOf(state, incident.id);
  const judgement = applyRejections(evidence.ranking, history);
  const hypotheses = pinHypotheses(judgement.hypotheses, history.pin);
  const verdict = history.pin === null ? judgement.verdict : 'identified';
  const cause = verdict === 'identified' ? hypotheses[0]?.cause : undefined;
  const judged = { verdict, hypotheses };
  const { graph, changes } = withoutRefused(evidence.ranking, judged, history, new Set(members.services));
  const services = membersOf(state, incident.id).services;
  const missing = missingOf(incident, evidence);
  const environments = environmentsOf(state, incident);
  const actors = ownerInput(step, incident, cause);
  const staged = {
    incident,
    history,
    identified: verdict === 'identified' ? hypotheses[0] : undefined,
    changes: evidence.ranking.changes,
    lastEndMs: members.lastEndMs,
  };
  const stages = stagesOf(staged);
  return {
    id: incident.id,
    revision: incident.revision + 1,
    status: incident.status,
    scope: publicScope(state.scope, environments),
    title: titleOf({ verdict, hypotheses }, incident.isFlood === true ? 'flood' : state.alerts.get(incident.anchor), {
      alerts: members.keys.size,
      services: services.length,
    }),
    severity: members.keys.size === 0 ? incident.severity : members.worstSeverity,
    startedAtMs: incident.startedAtMs,
    detectedAtMs: incident.detectedAtMs,
    updatedAtMs: step.atMs,
    resolvedAtMs: incident.resolvedAtMs,
    resolution: history.resolution === null ? null : resolutionText(history.resolution),
    verdict,
    evidenceState: incident.evidenceState,
    alertCount: members.keys.size,
    firingCount: members.firing,
    alerts: firstWithWorst(members.all(), maxAlerts).map(incidentAlert),
    hypotheses,
    graph,
    changes,
    similar: findSimilar(
      incidentTraits({ verdict, hypotheses, changes, alertNames: members.names.keys() }),
      evidence.past.filter((row) => row.incidentId !== incident.id),
    ),
    owners: findOwners(actors),
    runbooks: findRunbooks(actors),
    timeline: timelineOf({
      events: members.events,
      ranking: { ...evidence.ranking, changes },
      history: history.timeline.map(timelineEntry),
    }),
    missingEvidence: missing.map(missingText),
    missing,
    environments,
    environmentReading: publicReading(evidence),
    evidenceRetry: evidenceRetryOf(incident, step.config),
    concurrent: concurrentIncidents(state, incident),
    triage: incident.triage === null ? null : triageOf(incident.triage),
    rejectedCauses: history.rejections,
    stages,
    remediations: remediationsOf({ ...staged, stages }),
    commands: history.commands.map(commandResult),
  };
}

/** Its one environment. Old journals have one core for each. */
function publicScope({ tenant, environment }: Scope, environments: readonly string[]): Scope {
  const [only = '', ...others] = environments;
  return { tenant, environment: environment || (others.length === 0 ? only : '') };
}

function publicReading({ environment }: IncidentEvidence): Incident['environmentReading'] {
  if (environment === undefined) return null;
  const { known: _known, qualified = [], ...reading } = environment;
  return { ...reading, qualified };
}

/** The delay, not the time of the next read: the time would be another one in every revision. */
function evidenceRetryOf(incident: IncidentState, config: CoreConfig): Incident['evidenceRetry'] {
  const withinMs = retryDelayMs(incident, config);
  if (incident.retry === null || withinMs === null || !isOpen(incident)) return null;
  return { sinceMs: incident.retry.sinceMs, withinMs };
}

function withoutEvidence(step: StepContext, incident: IncidentState): IncidentEvidence {
  return { ranking: rankIncident(step, incident, null), related: [], past: [], missing: [], reachable: false };
}

/** Nothing is claimed of alerts that nothing connects. */
function floodEvidence({ config }: StepContext): IncidentEvidence {
  const detail = String(config.maxOpenedPerMinute);
  const missing = [{ part: 'evidence', code: 'flood', detail }] as const;
  return { ranking: emptyRanking, related: [], past: [], missing, reachable: false };
}

/** The cause first, then the services that alert by the time of their first alert. */
function ownerInput(step: StepContext, incident: IncidentState, found: Hypothesis['cause'] | undefined) {
  const cause = found?.service ?? '';
  const members = membersOf(step.state, incident.id).first(maxServiceAlerts);
  const alerting = members.map((alert) => subjectOf(alert.entities).service);
  const services = [...new Set([cause, ...alerting])].filter((service) => service !== '');
  const { qualified = [] } = step.state.evidence.get(incident.id)?.environment ?? {};
  const { catalogue } = step.config;
  return {
    services,
    cause,
    causeKind: found?.kind ?? '',
    qualified,
    members: members.slice(0, maxAlerts),
    catalogue,
  } as const;
}

/** What the judgement had to do without, each part once. */
function missingOf({ evidenceState }: IncidentState, { missing, ranking }: IncidentEvidence): MissingEvidence[] {
  const all = [...missing, ...ranking.missingEvidence];
  const isPending = evidenceState === 'pending' && all.length === 0;
  const named = isPending ? [{ part: 'evidence', code: 'pending', detail: '' } as const] : all;
  return [...new Map(named.map((entry) => [missingText(entry), entry])).values()];
}
