/** Incidents as the API sends them: proto3 JSON with the fields of the messages in protos/faultline/v1. */
import {
  type Evidence,
  environmentText,
  type FindingChange,
  faultText,
  type Hypothesis,
  type Incident,
  type IncidentAlert,
  type IncidentGraph,
  type IncidentStages,
  type JudgedChange,
  type ObjectFault,
  type Remediation,
  remediationText,
  type SimilarIncident,
} from '@faultline/model';
import { evidenceQuery, queryScopeOf } from '@faultline/store/evidence-query';
import { finite, rfc3339, rfc3339OrNull } from '../api/json-value.ts';

export type View = 'full' | 'summary';
export type IncidentJson = ReturnType<typeof incidentJson>;
export type AlertJson = ReturnType<typeof alertJson>;
export type GraphJson = ReturnType<typeof graphJson>;

/** `summary` leaves out what only the page of one incident shows. */
export function incidentJson(incident: Incident, view: View = 'full') {
  const full = view === 'full';
  return {
    id: incident.id,
    revision: incident.revision,
    status: incident.status,
    scope: { tenant: incident.scope.tenant, environment: incident.scope.environment },
    title: incident.title,
    severity: incident.severity,
    startedAt: rfc3339(incident.startedAtMs),
    detectedAt: rfc3339(incident.detectedAtMs),
    updatedAt: rfc3339(incident.updatedAtMs),
    resolvedAt: rfc3339OrNull(incident.resolvedAtMs),
    resolution: incident.resolution ?? '',
    verdict: incident.verdict,
    evidenceState: incident.evidenceState,
    alertCount: incident.alertCount,
    firingCount: incident.firingCount,
    alerts: full ? incident.alerts.map(alertJson) : [],
    hypotheses: incident.hypotheses.map((hypothesis) => hypothesisJson(hypothesis, incident, view)),
    graph: graphJson(full ? incident.graph : { nodes: [], edges: [] }),
    changes: full ? incident.changes.map(changeJson) : [],
    similar: incident.similar.map(similarJson),
    owners: incident.owners.map((owner) => ({ ...owner })),
    runbooks: incident.runbooks.map((runbook) => ({ ...runbook })),
    timeline: full ? incident.timeline.map(({ atMs, kind, text }) => ({ at: rfc3339(atMs), kind, text })) : [],
    missingEvidence: [...incident.missingEvidence],
    missing: incident.missing.map((missing) => ({ ...missing })),
    environments: [...incident.environments],
    environmentReading: readingJson(incident),
    evidenceRetry: retryJson(incident.evidenceRetry),
    concurrent: { count: incident.concurrent.count, incidentIds: [...incident.concurrent.incidentIds] },
    rejectedCauses: incident.rejectedCauses.map(({ atMs, ...rejected }) => ({ ...rejected, at: rfc3339(atMs) })),
    triage: triageJson(incident.triage),
    stages: stagesJson(incident.stages ?? null),
    remediations: (incident.remediations ?? []).map(remediationJson),
    commands: incident.commands.map((command) => ({ ...command, refusal: command.refusal ?? '' })),
  };
}

function readingJson({ environmentReading: reading }: Incident) {
  return reading === null ? null : { ...reading, text: environmentText(reading) };
}

function triageJson(triage: Incident['triage']) {
  if (triage === null) return null;
  const { atMs, reasons, ...rest } = triage;
  return { ...rest, reasons: reasons.map((reason) => ({ ...reason })), at: rfc3339(atMs) };
}

function similarJson({ resolvedAtMs, shared = [], remediations = [], ...similar }: SimilarIncident) {
  return {
    ...similar,
    resolvedAt: rfc3339OrNull(resolvedAtMs ?? null),
    shared: [...shared],
    remediations: remediations.map((one) => ({ ...one, minutes: one.minutes ?? -1, text: remediationText(one) })),
  };
}

function remediationJson({ atMs, doneAtMs, ...remediation }: Remediation) {
  const text = remediationText(remediation);
  return { ...remediation, at: rfc3339(atMs), doneAt: rfc3339OrNull(doneAtMs), text };
}

function stagesJson(stages: IncidentStages | null) {
  if (stages === null) return null;
  return {
    onset: rfc3339(stages.onsetMs),
    detected: rfc3339(stages.detectedMs),
    paged: rfc3339OrNull(stages.pagedMs),
    acknowledged: rfc3339OrNull(stages.acknowledgedMs),
    causeNamed: rfc3339OrNull(stages.causeNamedMs),
    acted: rfc3339OrNull(stages.actionMs),
    action: stages.action,
    recovered: rfc3339OrNull(stages.recoveredMs),
  };
}

function retryJson(retry: Incident['evidenceRetry']) {
  return retry === null ? null : { since: rfc3339(retry.sinceMs), withinSeconds: retry.withinMs / 1000 };
}

/** An alert of an incident. */
export function alertJson(alert: IncidentAlert) {
  return {
    fingerprint: alert.fingerprint,
    name: alert.name,
    status: alert.status,
    severity: alert.severity,
    startsAt: rfc3339(alert.startsAtMs),
    endsAt: rfc3339OrNull(alert.endsAtMs),
    labels: { ...alert.labels },
    entity: alert.entity,
    reason: alert.reason,
    source: alert.source,
    url: alert.url,
    environment: alert.environment,
    kind: alert.kind,
  };
}

function hypothesisJson(hypothesis: Hypothesis, incident: Incident, view: View) {
  const { changes } = incident;
  const change = changes.find((candidate) => candidate.id === hypothesis.changeId);
  return {
    rank: hypothesis.rank,
    probability: finite(hypothesis.probability),
    since: rfc3339OrNull(hypothesis.sinceMs),
    cause: { ...hypothesis.cause },
    change: change === undefined ? null : changeJson(change),
    path: [...hypothesis.path],
    evidence: view === 'full' ? hypothesis.evidence.map((evidence) => evidenceJson(evidence, incident)) : [],
    refutation: { ...hypothesis.refutation },
    fault: faultJson(hypothesis.fault ?? null),
  };
}

/** Null: no cluster reports one. */
export function faultJson(fault: ObjectFault | null) {
  if (fault === null) return null;
  const { sinceMs, endedAtMs, changedBy, object, target, measures, ...rest } = fault;
  return {
    ...rest,
    object: { ...object },
    target: target === null ? null : { ...target },
    since: rfc3339(sinceMs),
    endedAt: rfc3339OrNull(endedAtMs),
    measures: { ...measures },
    changedBy: changedBy === null ? null : faultChangeJson(changedBy),
    text: faultText(fault),
  };
}

function faultChangeJson({ atMs, object, ...change }: FindingChange) {
  return { ...change, object: { ...object }, at: rfc3339(atMs) };
}

function evidenceJson({ source, ...evidence }: Evidence, incident: Incident) {
  return {
    ...evidence,
    weight: finite(evidence.weight),
    query: evidence.query || evidenceQuery(queryScopeOf(incident), source),
  };
}

/** A change with its verdict. */
export function changeJson({ startedAtMs, reports = [], commits = [], commitCount = 0, ...change }: JudgedChange) {
  return {
    ...change,
    startedAt: rfc3339(startedAtMs),
    reports: reports.map(({ startedAtMs: atMs, ...report }) => ({ ...report, startedAt: rfc3339(atMs) })),
    commits: commits.map((commit) => ({ ...commit, touches: commit.touches.map((touch) => ({ ...touch })) })),
    commitCount,
  };
}

/** The graph of an incident. */
export function graphJson(graph: IncidentGraph) {
  return {
    nodes: graph.nodes.map((node) => ({ ...node })),
    edges: graph.edges.map(({ lastSeenMs, ...edge }) => ({
      ...edge,
      calls: finite(edge.calls),
      errorRatio: finite(edge.errorRatio),
      p95Ms: finite(edge.p95Ms),
      lastSeen: rfc3339(lastSeenMs),
    })),
  };
}
