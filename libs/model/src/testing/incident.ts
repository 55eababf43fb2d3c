/** One believable incident for the tests of every package: orders-db slows down after a deployment, and checkout notices. */
import { codecs } from '../codec.ts';
import type { Hypothesis, Incident, IncidentAlert } from '../incident.ts';

export const startedAtMs = Date.UTC(2026, 2, 1, 14, 2);
const minuteMs = 60_000;

/** An alert of checkout, `index` seconds into the incident. */
export function anAlert(index: number, service = 'checkout'): IncidentAlert {
  return {
    fingerprint: `f${String(index).padStart(4, '0')}`,
    name: 'HighLatency',
    status: 'firing',
    severity: 'critical',
    startsAtMs: startedAtMs + index * 1000,
    endsAtMs: null,
    labels: { service },
    entity: `service:${service}`,
    reason: 'first alert',
    source: 'alertmanager',
    kind: 'fault',
    url: 'https://alerts.example/1',
    environment: 'production',
  };
}

/** The likely cause, with evidence for and against. */
export const likelyCause: Hypothesis = {
  rank: 1,
  probability: 0.82,
  sinceMs: startedAtMs - minuteMs,
  cause: { service: 'orders-db', instance: 'orders-db-0', kind: 'latency' },
  changeId: 'c1',
  path: ['orders-db', 'orders', 'checkout'],
  evidence: [
    {
      kind: 'uninstrumented-dependency',
      entity: 'service:orders-db',
      summary: 'orders-db answers slower, seen by orders: 4 ms -> 310 ms a call',
      before: '4 ms',
      during: '310 ms',
      weight: 2.4,
      query: '',
      source: {
        view: 'edges',
        service: 'orders',
        instance: '',
        operation: '',
        peer: 'orders-db',
        metric: '',
        text: '',
        before: { fromMs: startedAtMs - 60 * minuteMs, toMs: startedAtMs - minuteMs },
        during: { fromMs: startedAtMs - minuteMs, toMs: startedAtMs + minuteMs },
      },
    },
    {
      kind: 'error-lines',
      entity: 'service:orders',
      summary: 'orders: new log line "connection pool exhausted", in 0 % -> 41 % of its calls',
      before: '0',
      during: '41',
      weight: 1.1,
      query: '',
      source: null,
    },
    {
      kind: 'traffic',
      entity: 'service:checkout',
      summary: 'requests rose by 30 %',
      before: '',
      during: '',
      weight: -0.4,
      query: '',
      source: null,
    },
  ],
  refutation: { test: 'orders spends the added time in its own code', result: 'no, 97 % of it is in the call' },
};

const alternative: Hypothesis = {
  ...likelyCause,
  rank: 2,
  probability: 0.11,
  changeId: null,
  cause: { service: 'orders', instance: '', kind: 'pool' },
  evidence: [],
};

/** An open incident with every field filled, at its third revision. `changed` replaces fields. */
export function anIncident(changed: Partial<Incident> = {}): Incident {
  return {
    id: 'inc-1',
    revision: 3,
    status: 'open',
    scope: { tenant: 'default', environment: 'production' },
    title: 'HighLatency on checkout',
    severity: 'critical',
    startedAtMs,
    detectedAtMs: startedAtMs + 2000,
    updatedAtMs: startedAtMs + 5000,
    resolvedAtMs: null,
    resolution: null,
    verdict: 'identified',
    evidenceState: 'provisional',
    alertCount: 2,
    firingCount: 2,
    alerts: [anAlert(0), anAlert(1, 'orders')],
    hypotheses: [likelyCause, alternative],
    graph: {
      nodes: [
        { id: 'orders-db', service: 'orders-db', role: 'cause' },
        { id: 'orders', service: 'orders', role: 'affected' },
        { id: 'checkout', service: 'checkout', role: 'symptom' },
      ],
      edges: [edge('orders', 'orders-db', 310), edge('checkout', 'orders', 412.5)],
    },
    changes: [
      {
        id: 'c1',
        kind: 'deploy',
        entity: 'service:orders',
        startedAtMs: startedAtMs - 4 * minuteMs,
        actor: 'alice',
        summary: 'orders v41 -> v42',
        url: 'https://ci.example.com/42',
        verdict: 'suspect',
        reason: '3 min before it began, at orders',
      },
    ],
    similar: [
      {
        incidentId: 'old',
        similarity: 0.8,
        cause: 'orders-db latency',
        resolution: 'rolled back orders',
        minutesToRecovery: 11.6,
        resolvedAtMs: Date.UTC(2026, 1, 3, 9, 30),
        shared: ['cause', 'kind', 'alert'],
        remediations: [
          { kind: 'rolled-back', target: 'orders v40 -> v41', worked: true, minutes: 6 },
          { kind: 'restarted', target: 'orders', worked: false, minutes: null },
        ],
      },
    ],
    owners: [{ team: 'storage', contact: '#storage-oncall', why: 'owns orders-db' }],
    runbooks: [{ title: 'Postgres is slow', url: 'https://wiki.example.com/postgres-slow' }],
    timeline: [{ atMs: startedAtMs, kind: 'alert', text: 'HighLatency on checkout' }],
    missingEvidence: ['no metrics from orders-db'],
    missing: [],
    environments: ['production'],
    environmentReading: {
      reason: 'named',
      read: ['default', 'production'],
      named: ['production'],
      seen: [{ environment: 'production', names: ['service:checkout'] }],
      qualified: [],
    },
    evidenceRetry: null,
    concurrent: { count: 0, incidentIds: [] },
    triage: {
      level: 'page',
      impact: 'broad',
      severity: 'critical',
      reasons: [{ code: 'user-facing', detail: 'checkout' }],
      atMs: startedAtMs + 2000,
      text: 'paged: checkout, which users call, is unhealthy',
    },
    rejectedCauses: [],
    remediations: [],
    commands: [],
    ...changed,
  };
}

function edge(from: string, to: string, p95Ms: number): Incident['graph']['edges'][number] {
  return { from, to, calls: 120, errorRatio: 0.25, p95Ms, source: 'trace', lastSeenMs: startedAtMs + 4000 };
}

/** The same incident after 29 minutes, resolved. */
export function aResolvedIncident(changed: Partial<Incident> = {}): Incident {
  return anIncident({
    status: 'resolved',
    resolvedAtMs: startedAtMs + 29 * minuteMs,
    firingCount: 0,
    evidenceState: 'settled',
    ...changed,
  });
}

/** A revision as a record of the incidents topic. */
export function incidentRecord(incident: Incident) {
  return { topic: 'incidents', key: incident.id, value: codecs.incident.encode(incident) } as const;
}
export { newDrift } from './drift.ts';
