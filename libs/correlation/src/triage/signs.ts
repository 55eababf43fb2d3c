/** Reads from the state what triage decides by. */
import {
  alertKindOf,
  hasNoTelemetry,
  type MissingCode,
  type MissingEvidence,
  type TriageReason,
  unnamedEnvironment,
} from '@faultline/model';
import { environmentsOf } from '../grouping/environment.ts';
import { knownGraph } from '../grouping/graph.ts';
import type { TriageConfig } from '../state/config.ts';
import { type Members, membersOf } from '../state/members.ts';
import type { AlertState, CallGraph, IncidentEvidence, IncidentState, ScopeState } from '../state/state.ts';
import type { ImpactSigns } from './impact.ts';

/** Alerts that are looked at one by one: the first by event time. */
const maxAlerts = 100;

export function signsOf(state: ScopeState, incident: IncidentState): ImpactSigns {
  const { triage } = state.config;
  const members = membersOf(state, incident.id);
  const first = members.first(maxAlerts);
  const evidence = state.evidence.get(incident.id);
  const environments = environmentsOf(state, incident);
  const graph = knownGraph(state, environments);
  const isUserFacing = userFacingTest(triage, graph);
  const unhealthy = unhealthyServices(evidence);
  return {
    unhealthy,
    unhealthyUserFacing: unhealthy.filter(isUserFacing),
    sloAlerts: sloAlerts(first, triage),
    services: new Set([...members.services, ...unhealthy]).size,
    alerts: members.keys.size,
    alertingUserFacing: members.services.filter(isUserFacing),
    isCovered: members.services.length > 0 && members.services.every((name) => graph.services.has(name)),
    gap: gapOf(incident, evidence, { first, members, environments }),
  };
}

/** Degraded services that are connected with the alerts, and the one that is blamed. */
function unhealthyServices(evidence: IncidentEvidence | undefined): readonly string[] {
  if (evidence === undefined) return [];
  const { ranking, related } = evidence;
  const degraded = ranking.disturbedServices.filter((service) => related.includes(service));
  const cause = ranking.verdict === 'identified' ? ranking.hypotheses[0]?.cause.service : undefined;
  return [...new Set([...degraded, ...(cause === undefined ? [] : [cause])])].sort();
}

/** By the settings; without any, the services at which calls enter: they call others, and none calls them. */
function userFacingTest({ userFacing }: TriageConfig, graph: CallGraph): (service: string) => boolean {
  if (userFacing.length > 0) return (service) => userFacing.includes(service) || userFacing.includes(plain(service));
  return (service) => graph.callees.has(service) && !graph.callers.has(service);
}

/** Evidence of several environments calls a service `environment/name`. */
function plain(service: string): string {
  return service.slice(service.indexOf('/') + 1);
}

function sloAlerts(alerts: readonly AlertState[], { sloLabels }: TriageConfig): readonly string[] {
  const about = alerts.filter(({ labels }) => sloLabels.some((label) => (labels[label] ?? '') !== ''));
  return [...new Set(about.map(({ name }) => name))].sort();
}

/** Codes of missing evidence that leave open whether something is unhealthy. */
const gaps: ReadonlySet<MissingCode> = new Set(['unreachable', 'timeout', 'failed', 'behind', 'pending']);

interface Gapped {
  readonly first: readonly AlertState[];
  readonly members: Members;
  readonly environments: readonly string[];
}

function gapOf(
  { evidenceState }: Pick<IncidentState, 'evidenceState'>,
  evidence: IncidentEvidence | undefined,
  { first, members, environments }: Gapped,
): TriageReason | null {
  // A heartbeat that stopped, and a rule without data, report that something cannot be seen.
  const blind = first.find((alert) => blindKinds.has(alertKindOf(alert)));
  if (blind !== undefined) return { code: 'no-data', detail: blind.name };
  if (evidence === undefined || !evidence.reachable || evidenceState === 'pending')
    return { code: 'unread', detail: '' };
  const missing = [...evidence.missing, ...evidence.ranking.missingEvidence];
  const firstStartMs = members.byStart.at(0)?.startsAtMs ?? Number.POSITIVE_INFINITY;
  // What led to an alert came before its start. The last seconds may be missing: they are read again soon.
  const isRecorded = (evidence.recordedUntilMs ?? Number.NEGATIVE_INFINITY) >= firstStartMs;
  if (missing.some(({ code }) => gaps.has(code) && !(code === 'behind' && isRecorded)))
    return { code: 'unread', detail: '' };
  // The alerts may name nothing, or nothing may be sent: neither is health.
  if (hasNoTelemetry(missing)) return { code: 'nothing-sent', detail: environments.filter(isNamed).join(', ') };
  return missing.some(isNoTelemetry) ? { code: 'no-telemetry', detail: members.services.slice(0, 3).join(', ') } : null;
}

function isNamed(environment: string): boolean {
  return environment !== '' && environment !== unnamedEnvironment;
}

const blindKinds: ReadonlySet<string> = new Set(['heartbeat', 'no-data']);

/** One absent signal among several, as logs, says nothing about health. */
function isNoTelemetry({ part, code }: MissingEvidence): boolean {
  if (code === 'no-subject' || code === 'unknown-subject') return true;
  return code === 'none' && part === 'baseline';
}
