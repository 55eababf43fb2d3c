/** Incidents for tests. */
import type { Hypothesis, Incident, IncidentAlert } from '@faultline/model';

const startedAtMs = Date.UTC(2026, 0, 5, 14, 2);
const minute = 60_000;

const alert = (service: string, index: number): IncidentAlert => ({
  fingerprint: `f${index}`,
  name: 'HighLatency',
  status: 'firing',
  severity: 'critical',
  startsAtMs: startedAtMs,
  endsAtMs: null,
  labels: { service },
  entity: `service:${service}`,
  reason: 'first',
  source: 'alertmanager',
  url: '',
});

export const postgres: Hypothesis = {
  rank: 1,
  probability: 0.82,
  sinceMs: startedAtMs - minute,
  cause: { service: 'postgres-orders', instance: 'postgres-orders-0', kind: 'latency' },
  changeId: 'c1',
  path: ['postgres-orders', 'orders', 'checkout'],
  evidence: [
    {
      kind: 'uninstrumented-dependency',
      entity: 'service:postgres-orders',
      summary: 'postgres-orders answers slower, seen by orders: 4 ms -> 310 ms a call',
      before: '4 ms',
      during: '310 ms',
      weight: 2.4,
      query: '',
      source: {
        view: 'edges',
        service: 'orders',
        instance: '',
        operation: '',
        peer: 'postgres-orders',
        metric: '',
        text: '',
        before: { fromMs: startedAtMs - 3_600_000, toMs: startedAtMs - 60_000 },
        during: { fromMs: startedAtMs - 60_000, toMs: startedAtMs + 60_000 },
      },
    },
    {
      kind: 'template',
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
  refutation: { test: 'orders spends the added time in its own code', result: 'not so: 97 % of it is in the call' },
};

/** A believable incident at its second revision; `extra` replaces fields. */
export function incident(extra: Partial<Incident> = {}): Incident {
  return {
    id: 'inc1',
    revision: 2,
    status: 'open',
    scope: { tenant: 'default', environment: 'prod' },
    title: 'HighLatency on checkout',
    severity: 'critical',
    startedAtMs,
    detectedAtMs: startedAtMs + 2000,
    updatedAtMs: startedAtMs + 5000,
    resolvedAtMs: null,
    resolution: null,
    verdict: 'identified',
    evidenceState: 'provisional',
    alertCount: 40,
    firingCount: 38,
    alerts: ['checkout', 'orders'].map(alert),
    hypotheses: [
      postgres,
      {
        ...postgres,
        rank: 2,
        probability: 0.11,
        changeId: null,
        cause: { service: 'orders', instance: '', kind: 'pool' },
      },
    ],
    graph: {
      nodes: ['postgres-orders', 'orders', 'checkout', 'frontend'].map((service, index) => ({
        id: service,
        service,
        role: index === 0 ? 'cause' : index === 3 ? 'symptom' : 'affected',
      })),
      edges: [
        {
          from: 'orders',
          to: 'postgres-orders',
          calls: 10,
          errorRatio: 0,
          p95Ms: 310,
          source: 'client-span',
          lastSeenMs: startedAtMs,
        },
      ],
    },
    changes: [
      {
        id: 'c1',
        kind: 'deploy',
        entity: 'service:orders',
        startedAtMs: startedAtMs - 4 * minute,
        actor: 'alice',
        summary: 'orders v41 -> v42',
        url: 'https://ci.example.com/42',
        verdict: 'suspect',
        reason: 'harm began where it was made',
      },
    ],
    similar: [
      {
        incidentId: 'old',
        similarity: 0.8,
        cause: 'postgres-orders latency',
        resolution: 'rolled back orders',
        minutesToRecovery: 11.6,
      },
    ],
    owners: [{ team: 'storage', contact: '#storage-oncall', why: 'owns postgres-orders' }],
    runbooks: [{ title: 'Postgres is slow', url: 'https://wiki.example.com/postgres-slow' }],
    timeline: [{ atMs: startedAtMs, kind: 'alert', text: 'HighLatency on checkout' }],
    missingEvidence: ['no metrics from postgres-orders'],
    missing: [],
    commands: [],
    ...extra,
  };
}

/** A command that changed nothing. */
export const refusedCommand: Incident['commands'][number] = {
  id: 'c1',
  result: 'refused',
  refusal: 'stale-revision',
  reason: 'the incident is at revision 3, not 2: read it again',
};

/** The same incident, over. */
export function resolved(revision: number): Incident {
  return incident({
    revision,
    status: 'resolved',
    resolvedAtMs: startedAtMs + 29 * minute,
    firingCount: 0,
    evidenceState: 'settled',
  });
}
