import { anIncident as aModelIncident, anAlert, startedAtMs } from '@faultline/model/testing';
import { incidentJson } from '@faultline/query/incident-json';
import type { Graph, Incident, Role } from '../api/types.ts';

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

const shared = aModelIncident();

/** The shared incident as the API sends it, settled, with 40 alerts and a change that is not suspected. `changed` replaces fields. */
export function anIncident(changed: Partial<Incident> = {}): Incident {
  const json = incidentJson({
    ...shared,
    evidenceState: 'settled',
    alertCount: 40,
    firingCount: 36,
    alerts: Array.from({ length: 12 }, (_, index) => ({ ...anAlert(index), name: `Alert${index}` })),
    changes: [
      {
        id: 'c2',
        kind: 'flag',
        entity: 'service:pricing',
        startedAtMs: startedAtMs - 3_600_000,
        actor: 'flags',
        summary: 'banner on',
        url: 'javascript:alert(1)',
        verdict: 'innocent',
        reason: 'pricing did not move',
      },
      ...shared.changes,
    ],
  });
  return { ...json, ...changed };
}
