import { codecs, type Incident, type IncidentAlert } from '@faultline/model';

const startedAtMs = Date.parse('2026-03-01T02:17:00Z');

/** An alert of a service, `index` seconds into the incident. */
export function anAlert(index: number): IncidentAlert {
  return {
    fingerprint: `f${String(index).padStart(4, '0')}`,
    name: 'HighLatency',
    status: 'firing',
    severity: 'critical',
    startsAtMs: startedAtMs + index * 1000,
    endsAtMs: null,
    labels: { service: 'checkout' },
    entity: 'service:checkout',
    reason: 'first alert',
    source: 'alertmanager',
    url: 'https://alerts.example/1',
  };
}

/** An incident with every field filled. */
export function anIncident(changed: Partial<Incident> = {}): Incident {
  return {
    id: 'inc-1',
    revision: 3,
    status: 'open',
    scope: { tenant: 'default', environment: 'production' },
    title: 'orders-db is slow',
    severity: 'critical',
    startedAtMs,
    detectedAtMs: startedAtMs + 1500,
    updatedAtMs: startedAtMs + 5000,
    resolvedAtMs: null,
    resolution: null,
    verdict: 'identified',
    evidenceState: 'provisional',
    alertCount: 1,
    firingCount: 1,
    alerts: [anAlert(0)],
    hypotheses: [
      {
        rank: 1,
        probability: 0.82,
        sinceMs: startedAtMs - 30_000,
        cause: { service: 'orders-db', instance: 'orders-db-0', kind: 'latency' },
        changeId: 'c1',
        path: ['orders-db', 'orders', 'checkout'],
        evidence: [
          {
            kind: 'self-time',
            entity: 'service:orders-db',
            summary: 'self time 8 ms -> 410 ms',
            before: '8 ms',
            during: '410 ms',
            weight: 2.1,
            query: '',
            source: {
              view: 'operations',
              service: 'orders-db',
              instance: '',
              operation: 'SELECT orders',
              peer: '',
              metric: '',
              text: '',
              before: { fromMs: startedAtMs - 3_600_000, toMs: startedAtMs - 30_000 },
              during: { fromMs: startedAtMs - 30_000, toMs: startedAtMs + 60_000 },
            },
          },
        ],
        refutation: { test: 'orders is slow without orders-db', result: 'not so' },
      },
    ],
    graph: {
      nodes: [
        { id: 'orders-db', service: 'orders-db', role: 'cause' },
        { id: 'checkout', service: 'checkout', role: 'symptom' },
      ],
      edges: [
        {
          from: 'checkout',
          to: 'orders-db',
          calls: 120,
          errorRatio: 0.25,
          p95Ms: 812.5,
          source: 'trace',
          lastSeenMs: startedAtMs + 4000,
        },
      ],
    },
    changes: [
      {
        id: 'c1',
        kind: 'deploy',
        entity: 'service:orders',
        startedAtMs: startedAtMs - 60_000,
        actor: 'mira',
        summary: 'orders 4.2 -> 4.3',
        url: '',
        verdict: 'suspect',
        reason: 'one minute before the onset',
      },
    ],
    similar: [
      {
        incidentId: 'old',
        similarity: 0.9,
        cause: 'orders-db latency',
        resolution: 'rolled back',
        minutesToRecovery: 4,
      },
    ],
    owners: [{ team: 'storage', contact: '#storage', why: 'owns orders-db' }],
    runbooks: [{ title: 'orders-db is slow', url: 'https://runbooks.example/orders-db' }],
    timeline: [{ atMs: startedAtMs, kind: 'alert', text: 'HighLatency on checkout' }],
    missingEvidence: ['metrics: 4 s behind'],
    missing: [],
    commands: [],
    ...changed,
  };
}

/** The record that tells a revision. */
export function incidentRecord(incident: Incident) {
  return { topic: 'incidents', key: incident.id, value: codecs.incident.encode(incident) } as const;
}
