import type { TimeRange } from '@faultline/model';
import type { EntityHealth, Graph } from '@faultline/store';
import { finite, rfc3339, rfc3339OrNull } from '../api/json-value.ts';
import { graphJson } from '../incident/json.ts';

interface Measured {
  readonly calls: number;
  readonly errors: number;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
}

export interface HealthParts {
  readonly service: string;
  readonly range: TimeRange;
  readonly health: EntityHealth;
  /** Edges in which the service is caller or callee. */
  readonly edges: Graph['edges'];
  readonly incidentIds: readonly string[];
}

/** The health of a service as the API sends it. */
export function healthJson({ service, range, health, edges, incidentIds }: HealthParts) {
  const calls = sum(health.points.map((point) => point.calls));
  const errors = sum(health.points.map((point) => point.errors));
  const lastSeen = health.instances.map((instance) => instance.lastSeenMs);
  return {
    service,
    from: rfc3339(range.fromMs),
    to: rfc3339(range.toMs),
    calls,
    errorRatio: ratio(errors, calls),
    lastSeen: rfc3339OrNull(lastSeen.length === 0 ? null : Math.max(...lastSeen)),
    points: health.points.map((point) => ({ at: rfc3339(point.atMs), ...measuredJson(point) })),
    stepMs: health.stepMs,
    instances: health.instances.map(({ instance, version, node, lastSeenMs, ...measured }) => ({
      instance,
      version,
      node,
      lastSeen: rfc3339(lastSeenMs),
      ...measuredJson(measured),
    })),
    operations: health.operations.map(({ operation, kind, ...measured }) => ({
      operation,
      kind,
      ...measuredJson(measured),
    })),
    edges: graphJson({ nodes: [], edges }).edges,
    incidentIds,
  };
}

function measuredJson({ calls, errors, p50Ms, p95Ms }: Measured) {
  return { calls, errorRatio: ratio(errors, calls), p50Ms: finite(p50Ms ?? 0), p95Ms: finite(p95Ms ?? 0) };
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** The whole dependency graph as the API sends it. Outside an incident services have no role. */
export function wideGraphJson({ services, edges }: Graph) {
  const names = new Set([...services.map(({ service }) => service), ...edges.flatMap(({ from, to }) => [from, to])]);
  const nodes = [...names].sort().map((service) => ({ id: service, service, role: '' }));
  return { nodes, edges: graphJson({ nodes: [], edges }).edges };
}
