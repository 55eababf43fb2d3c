import type { Alert, Graph, Incident, Role } from '../api/types.ts';

/** A graph from `caller>callee` lines and a role for each service; the rest is healthy. */
export function aGraph(calls: readonly string[], roles: Readonly<Record<string, Role>> = {}): Graph {
  const services = [...new Set(calls.flatMap((call) => call.split('>')))];
  return {
    nodes: services.map((service) => ({ id: service, service, role: roles[service] ?? 'healthy' })),
    edges: calls.map((call) => {
      const [from = '', to = ''] = call.split('>');
      return {
        from,
        to,
        calls: 10,
        errorRatio: 0.2,
        p95Ms: 1900,
        source: 'trace',
        lastSeen: '2026-03-01T02:20:00Z',
      };
    }),
  };
}

const alert: Alert = {
  fingerprint: 'f1',
  name: 'CheckoutSlow',
  status: 'firing',
  severity: 'critical',
  startsAt: '2026-03-01T02:17:00Z',
  endsAt: null,
  labels: { service: 'checkout' },
  entity: 'service:checkout',
  reason: 'opened this incident',
  source: 'alertmanager',
  url: 'https://alerts.example/1',
};

/** An incident with every part of the page in use. */
export function anIncident(changed: Partial<Incident> = {}): Incident {
  return {
    id: 'inc-1',
    revision: 3,
    status: 'open',
    scope: { tenant: 'default', environment: 'production' },
    title: 'Checkout is slow: orders-db is short of disk',
    severity: 'critical',
    startedAt: '2026-03-01T02:17:00Z',
    detectedAt: '2026-03-01T02:17:02Z',
    updatedAt: '2026-03-01T02:20:00Z',
    resolvedAt: null,
    resolution: '',
    verdict: 'identified',
    evidenceState: 'settled',
    alertCount: 40,
    firingCount: 36,
    alerts: Array.from({ length: 12 }, (_, index) => ({ ...alert, fingerprint: `f${index}`, name: `Alert${index}` })),
    hypotheses: [
      {
        rank: 1,
        probability: 0.86,
        since: '2026-03-01T02:16:48Z',
        cause: { service: 'orders-db', instance: 'orders-db-0', kind: 'disk' },
        change: null,
        path: ['orders-db', 'orders', 'checkout'],
        evidence: [
          {
            kind: 'alert',
            entity: 'service:orders-db',
            summary: 'No alert of its own',
            before: '',
            during: '',
            weight: -0.4,
            query: '',
          },
          {
            kind: 'resource',
            entity: 'pod:orders-db-0',
            summary: 'Disk busy',
            before: '23 %',
            during: '99 %',
            weight: 2.4,
            query: 'SELECT 1',
          },
        ],
        refutation: { test: 'Its other client would be well', result: 'It is not' },
      },
      {
        rank: 2,
        probability: 0.08,
        since: null,
        cause: { service: 'orders', instance: '', kind: 'code' },
        change: null,
        path: ['orders'],
        evidence: [],
        refutation: { test: '', result: '' },
      },
    ],
    graph: aGraph(['checkout>orders', 'orders>orders-db'], {
      'orders-db': 'cause',
      orders: 'affected',
      checkout: 'symptom',
    }),
    changes: [
      {
        id: 'c2',
        kind: 'flag',
        entity: 'service:pricing',
        startedAt: '2026-03-01T01:00:00Z',
        actor: 'flags',
        summary: 'banner on',
        url: '',
        verdict: 'innocent',
        reason: 'pricing did not move.',
      },
      {
        id: 'c1',
        kind: 'deploy',
        entity: 'service:orders',
        startedAt: '2026-03-01T02:16:00Z',
        actor: 'mira',
        summary: '4.18 to 4.19',
        url: 'javascript:alert(1)',
        verdict: 'suspect',
        reason: 'just before the onset.',
      },
    ],
    similar: [],
    owners: [{ team: 'Storage', contact: '#storage-oncall', why: 'owns orders-db' }],
    runbooks: [{ title: 'disk saturated', url: 'https://runbooks.example/disk' }],
    timeline: [{ at: '2026-03-01T02:16:48Z', kind: 'onset', text: 'orders-db leaves its baseline' }],
    commands: [],
    missingEvidence: ['metrics of mail: none for 9 min'],
    missing: [],
    ...changed,
  };
}
