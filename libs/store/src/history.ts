/** Converts records of the topics to rows of the history tables. Pure; the only place that maps one to the other. */
import {
  type Alert,
  type Change,
  type DeclaredGraph,
  type Drift,
  faultTitle,
  type Incident,
  type IncidentMember,
  type IncidentStages,
  incidentTraits,
  type PastRemediation,
  type Scope,
  unowned,
  type WorkloadFinding,
} from '@faultline/model';
import type {
  AlertHistoryRow,
  ChangeHistoryRow,
  DeclaredEdgeRow,
  DriftHistoryRow,
  IncidentAlertHistoryRow,
  IncidentHistoryRow,
  WorkloadFindingRow,
} from './history-rows.ts';
import type { ScopeColumns } from './scope-columns.ts';

function scopeColumns({ tenant, environment }: Scope): ScopeColumns {
  return { Tenant: tenant, Environment: environment };
}

/** A row of `alerts`. */
export function alertRow(alert: Alert): AlertHistoryRow {
  return {
    ...scopeColumns(alert.scope),
    Id: alert.id,
    Source: alert.source,
    Fingerprint: alert.fingerprint,
    Name: alert.name,
    Status: alert.status,
    Severity: alert.severity,
    Summary: alert.summary,
    Labels: alert.labels,
    Annotations: alert.annotations,
    Entities: alert.entities,
    StartsAt: alert.startsAtMs,
    EndsAt: alert.endsAtMs,
    ReceivedAt: alert.receivedAtMs,
    Url: alert.url,
    Raw: alert.raw,
  };
}

/** A row of `changes`. */
export function changeRow(change: Change): ChangeHistoryRow {
  return {
    ...scopeColumns(change.scope),
    Id: change.id,
    Source: change.source,
    Kind: change.kind,
    Entities: change.entities,
    Summary: change.summary,
    Actor: change.actor,
    StartedAt: change.startedAtMs,
    EndedAt: change.endedAtMs,
    Version: change.version,
    PreviousVersion: change.previousVersion,
    Url: change.url,
    ReceivedAt: change.receivedAtMs,
    Raw: change.raw,
    ...objectColumns(change),
  };
}

function objectColumns({ cluster, entities }: Change) {
  const { object, manager, rollout } = cluster ?? { object: null, manager: '', rollout: null };
  return {
    Cluster: entities.cluster ?? '',
    ObjectKind: object?.kind ?? '',
    ObjectNamespace: object?.namespace ?? '',
    ObjectName: object?.name ?? '',
    Manager: manager,
    RolloutState: rollout?.state ?? '',
    RolloutAt: rollout?.atMs ?? 0,
    Detail: cluster === null || cluster === undefined ? '' : JSON.stringify(cluster),
  };
}

/** A row of `workload_findings`. */
export function workloadFindingRow(finding: WorkloadFinding): WorkloadFindingRow {
  const { object, target, entities, changedBy } = finding;
  return {
    ...scopeColumns(finding.scope),
    Cluster: entities.cluster ?? '',
    Id: finding.id,
    Mechanism: finding.mechanism,
    ObjectKind: object.kind,
    ObjectNamespace: object.namespace,
    ObjectName: object.name,
    Field: finding.field,
    TargetKind: target?.kind ?? '',
    TargetName: target?.name ?? '',
    TargetKey: finding.targetKey,
    Service: entities.service ?? '',
    Workload: entities.workload ?? '',
    Node: entities.node ?? '',
    Reason: finding.reason,
    Since: finding.sinceMs,
    EndedAt: finding.endedAtMs,
    ObservedAt: finding.observedAtMs,
    Affected: finding.affected,
    Total: finding.total,
    ChangeId: changedBy?.changeId ?? '',
    ChangedBy: changedBy?.actor ?? '',
    Summary: faultTitle(finding),
    Body: JSON.stringify(finding),
  };
}

/** Rows of `declared_edges`, one per edge. */
export function declaredEdgeRows(graph: DeclaredGraph): readonly DeclaredEdgeRow[] {
  return graph.edges.map(({ from, to }) => ({
    ...scopeColumns(graph.scope),
    Source: graph.source,
    Caller: from,
    Callee: to,
    DeclaredAt: graph.declaredAtMs,
  }));
}

/** A row of `drift`. */
export function driftRow(drift: Drift): DriftHistoryRow {
  const { object } = drift;
  return {
    ...scopeColumns(drift.scope),
    Id: drift.id,
    Cluster: drift.cluster,
    ObjectKind: object.kind,
    Namespace: object.namespace,
    Name: object.name,
    Entities: drift.entities,
    Against: drift.against,
    Reference: drift.reference,
    Path: drift.path,
    Value: drift.value,
    Expected: drift.expected,
    Area: drift.area,
    Risk: drift.risk,
    Actor: drift.actor,
    ChangeId: drift.changeId,
    Team: drift.team,
    Since: drift.sinceMs,
    EndedAt: drift.endedAtMs,
    ObservedAt: drift.observedAtMs,
  };
}

/** A row of `incidents`: this revision, with its first hypothesis as the cause. */
export function incidentRow(incident: Incident): IncidentHistoryRow {
  const cause = incident.hypotheses[0]?.cause;
  const services = incident.graph.nodes.filter(({ role }) => role !== 'healthy').map(({ service }) => service);
  return {
    ...scopeColumns(incident.scope),
    IncidentId: incident.id,
    Revision: incident.revision,
    Status: incident.status,
    Title: incident.title,
    Severity: incident.severity,
    StartedAt: incident.startedAtMs,
    DetectedAt: incident.detectedAtMs,
    UpdatedAt: incident.updatedAtMs,
    ResolvedAt: incident.resolvedAtMs,
    Verdict: incident.verdict,
    AlertCount: incident.alertCount,
    CauseService: cause?.service ?? '',
    CauseKind: cause?.kind ?? '',
    Services: distinct(services),
    AlertNames: distinct(incident.alerts.map(({ name }) => name)),
    Resolution: incident.resolution ?? '',
    Environments: incident.environments,
    RejectedCauses: incident.rejectedCauses.map(({ service }) => service),
    Team: incident.owners.find(({ team }) => team !== unowned)?.team ?? '',
    StageTimes: stageTimes(incident.stages ?? null),
    Traits: incidentTraits({ ...incident, alertNames: incident.alerts.map(({ name }) => name) }),
    Remediations: pastRemediations(incident),
    Body: JSON.stringify(incident),
  };
}

const minuteMs = 60_000;

function pastRemediations({ remediations = [], stages }: Incident): readonly PastRemediation[] {
  const recoveredMs = stages?.recoveredMs ?? null;
  return remediations.map(({ kind, target, worked, doneAtMs }) => ({
    kind,
    target,
    worked,
    minutes:
      recoveredMs === null || doneAtMs === null || doneAtMs > recoveredMs
        ? null
        : Math.round((recoveredMs - doneAtMs) / minuteMs),
  }));
}

function stageTimes(stages: IncidentStages | null): IncidentHistoryRow['StageTimes'] {
  if (stages === null) return {};
  const { onsetMs, detectedMs, pagedMs, acknowledgedMs, causeNamedMs, actionMs, recoveredMs } = stages;
  const named = {
    onset: onsetMs,
    detected: detectedMs,
    paged: pagedMs,
    acknowledged: acknowledgedMs,
    causeNamed: causeNamedMs,
    acted: actionMs,
    recovered: recoveredMs,
  };
  const reached = Object.entries(named).filter((entry): entry is [string, number] => entry[1] !== null);
  return Object.fromEntries(reached);
}

/** A row of `incident_alerts`. */
export function incidentAlertRow(member: IncidentMember): IncidentAlertHistoryRow {
  const { alert } = member;
  return {
    ...scopeColumns(member.scope),
    IncidentId: member.incidentId,
    Revision: member.revision,
    Source: alert.source,
    Fingerprint: alert.fingerprint,
    StartsAt: alert.startsAtMs,
    Name: alert.name,
    Status: alert.status,
    Severity: alert.severity,
    EndsAt: alert.endsAtMs,
    Labels: alert.labels,
    Entities: member.entities,
    Entity: alert.entity,
    Reason: alert.reason,
    Url: alert.url,
    Membership: member.membership,
    Kind: alert.kind,
    NamedEnvironment: alert.environment,
  };
}

function distinct(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort();
}
