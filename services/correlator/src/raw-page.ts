import { fitIncident, missingText } from '@faultline/correlation';
import {
  type Alert,
  alertKindOf,
  entityId,
  type Incident,
  type MissingEvidence,
  rawPageId,
  scopeKey,
} from '@faultline/model';

const notCorrelated: MissingEvidence = { part: 'all', code: 'not-correlated', detail: '' };

/**
 * The page of an alert that the core failed on, marked as not correlated, so that somebody sees it. No core knows it: nothing joins it,
 * and commands on it find nothing.
 */
export function rawIncident(alert: Alert, nowMs: number, maxBytes: number): Incident {
  return fitIncident(wholeIncident(alert, nowMs), maxBytes);
}

function wholeIncident(alert: Alert, nowMs: number): Incident {
  return {
    id: rawPageId(scopeKey(alert.scope), alert.id),
    revision: 1,
    status: 'open',
    scope: alert.scope,
    title: `${alert.name} (not correlated: the correlator could not take this alert)`,
    severity: alert.severity,
    startedAtMs: alert.startsAtMs,
    detectedAtMs: nowMs,
    updatedAtMs: nowMs,
    resolvedAtMs: null,
    resolution: null,
    verdict: 'inconclusive',
    evidenceState: 'pending',
    alertCount: 1,
    firingCount: 1,
    alerts: [
      {
        fingerprint: alert.fingerprint,
        name: alert.name,
        status: 'firing',
        severity: alert.severity,
        startsAtMs: alert.startsAtMs,
        endsAtMs: null,
        labels: alert.labels,
        entity: entityId(alert.entities),
        reason: 'paged without correlation: the correlator could not take this alert',
        source: alert.source,
        url: alert.url,
        environment: alert.scope.environment,
        kind: alertKindOf(alert),
      },
    ],
    hypotheses: [],
    graph: { nodes: [], edges: [] },
    changes: [],
    similar: [],
    owners: [],
    runbooks: [],
    timeline: [],
    missingEvidence: [missingText(notCorrelated)],
    missing: [notCorrelated],
    environments: alert.scope.environment === '' ? [] : [alert.scope.environment],
    environmentReading: null,
    evidenceRetry: null,
    concurrent: { count: 0, incidentIds: [] },
    rejectedCauses: [],
    triage: {
      level: 'page',
      impact: 'unknown',
      severity: alert.severity,
      reasons: [{ code: 'unread', detail: '' }],
      atMs: nowMs,
      text: 'paged: impact not known, as this alert was not correlated',
    },
    commands: [],
  };
}
