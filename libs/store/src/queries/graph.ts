import { type Histogram, histogramQuantile, type IncidentGraph, type TimeRange } from '@faultline/model';
import type { Engine, Statement } from '../engine.ts';
import {
  type Budget,
  bounded,
  inRange,
  inScope,
  pairsOf,
  type ReadScope,
  rangeParams,
  scopeParams,
} from './statement.ts';

const maxEdges = 20_000;
const maxServices = 5_000;

/** A service as its callers see it: its server and consumer spans. */
export interface GraphService {
  readonly service: string;
  readonly calls: number;
  readonly errors: number;
  /** Ms; null without calls. */
  readonly p95Ms: number | null;
  readonly lastSeenMs: number;
}

/** Who calls whom in a time range, busiest first. Declared edges that were not observed have no calls. */
export interface Graph {
  readonly services: readonly GraphService[];
  readonly edges: IncidentGraph['edges'];
}

interface EdgeResult {
  readonly from: string;
  readonly to: string;
  readonly source: IncidentGraph['edges'][number]['source'];
  readonly calls: number;
  readonly errors: number;
  readonly duration: Histogram;
  readonly lastSeenMs: number;
}

interface ServiceResult extends Omit<GraphService, 'p95Ms'> {
  readonly duration: Histogram;
}

export function graphEdgesStatement(scope: ReadScope, range: TimeRange, budget: Budget): Statement {
  return bounded(
    `SELECT
    Caller AS from,
    Callee AS to,
    Source AS source,
    sum(Calls) AS calls,
    sum(Errors) AS errors,
    ${pairsOf('Duration')} AS duration,
    toUnixTimestamp64Milli(max(LastSeen)) AS lastSeenMs
FROM edge_windows
WHERE ${inScope} AND ${inRange}
GROUP BY from, to, source
ORDER BY calls DESC, from, to, source
LIMIT ${maxEdges}`,
    { ...scopeParams(scope), ...rangeParams(range) },
    budget,
  );
}

export function graphServicesStatement(scope: ReadScope, range: TimeRange, budget: Budget): Statement {
  return bounded(
    `SELECT
    Service AS service,
    sum(Calls) AS calls,
    sum(Errors) AS errors,
    ${pairsOf('Duration')} AS duration,
    toUnixTimestamp64Milli(max(LastSeen)) AS lastSeenMs
FROM operation_windows
WHERE ${inScope} AND ${inRange} AND Kind IN ('server', 'consumer')
GROUP BY service
ORDER BY calls DESC, service
LIMIT ${maxServices}`,
    { ...scopeParams(scope), ...rangeParams(range) },
    budget,
  );
}

export function declaredEdgesStatement(scope: ReadScope, budget: Budget): Statement {
  return bounded(
    `SELECT
    Caller AS from,
    Callee AS to,
    'declared' AS source,
    0 AS calls,
    0 AS errors,
    [] AS duration,
    toUnixTimestamp64Milli(max(DeclaredAt)) AS lastSeenMs
FROM declared_edges
WHERE Tenant = {tenant:String} AND Environment IN arrayConcat({environments:Array(String)}, [''])
GROUP BY from, to
ORDER BY from, to
LIMIT ${maxEdges}`,
    scopeParams(scope),
    budget,
  );
}

export async function readGraph(
  engine: Pick<Engine, 'select'>,
  scope: ReadScope,
  range: TimeRange,
  budget: Budget,
): Promise<Graph> {
  const [services, seen, declared] = await Promise.all([
    engine.select<ServiceResult>(graphServicesStatement(scope, range, budget)),
    engine.select<EdgeResult>(graphEdgesStatement(scope, range, budget)),
    engine.select<EdgeResult>(declaredEdgesStatement(scope, budget)),
  ]);
  const seenPairs = new Set(seen.map(({ from, to }) => JSON.stringify([from, to])));
  const unseen = declared.filter(({ from, to }) => !seenPairs.has(JSON.stringify([from, to])));
  return {
    services: services.map(({ duration, ...service }) => ({ ...service, p95Ms: quantileMs(duration, 0.95) })),
    edges: [...seen, ...unseen].map(({ errors, duration, ...edge }) => ({
      ...edge,
      errorRatio: edge.calls === 0 ? 0 : errors / edge.calls,
      p95Ms: quantileMs(duration, 0.95) ?? 0,
    })),
  };
}

/** A quantile of a latency histogram in ms; null when it is empty. */
export function quantileMs(duration: Histogram, quantile: number): number | null {
  return duration.length === 0 ? null : histogramQuantile(duration, quantile) / 1000;
}
