/** Where a tenant's telemetry comes from: which environments there are, and which of them know the names of an incident. */
import type { EvidenceFocus, EvidenceQuery, SeenIn } from '@faultline/model';
import type { Engine, Statement } from '../engine.ts';
import { type Budget, bounded, inRange, rangeParams } from './statement.ts';

const maxEnvironments = 500;
const maxNames = 5_000;
const dayMs = 86_400_000;

const lastSeen = 'toUnixTimestamp64Milli(max(greatest(LastSpan, LastMetric, LastLog)))';
const sinceDay = "Day >= toDate(toDateTime({fromSecond:UInt32}, 'UTC'), 'UTC')";

/** An environment that sends telemetry. */
export interface KnownEnvironment {
  readonly environment: string;
  readonly lastSeenMs: number;
  readonly services: number;
  readonly clusters: readonly string[];
  readonly namespaces: readonly string[];
  /** Its name as senders wrote it. */
  readonly names: readonly string[];
}

/** `KnownEnvironment`s of a tenant since the day of this time, last seen first. */
export function knownEnvironmentsStatement(tenant: string, fromMs: number, budget: Budget): Statement {
  return bounded(
    `SELECT
    Environment AS environment,
    ${lastSeen} AS lastSeenMs,
    uniqExactIf(Service, Service != '') AS services,
    arraySort(groupUniqArrayIf(100)(Cluster, Cluster != '')) AS clusters,
    arraySort(groupUniqArrayIf(100)(Namespace, Namespace != '')) AS namespaces,
    arraySort(groupUniqArrayArray(20)(EnvironmentNames)) AS names
FROM presence
WHERE Tenant = {tenant:String} AND ${sinceDay}
GROUP BY environment
ORDER BY lastSeenMs DESC, environment
LIMIT ${maxEnvironments}`,
    { tenant, fromSecond: rangeParams({ fromMs, toMs: fromMs })['fromSecond'] ?? 0 },
    budget,
  );
}

export function readKnownEnvironments(
  engine: Pick<Engine, 'select'>,
  { tenant, fromMs }: { readonly tenant: string; readonly fromMs: number },
  budget: Budget,
): Promise<readonly KnownEnvironment[]> {
  return engine.select<KnownEnvironment>(knownEnvironmentsStatement(tenant, fromMs, budget));
}

interface SeenName {
  readonly environment: string;
  /** `kind:name`. A `callee` is known by its callers alone. */
  readonly name: string;
  readonly lastSeenMs: number;
}

/** `SeenName`s of what the alerts of an incident are about. */
export function seenNamesStatement(
  query: Pick<EvidenceQuery, 'scope' | 'slices' | 'focus'>,
  budget: Budget,
): Statement {
  const { fromMs, toMs } = searched(query);
  return bounded(
    `SELECT environment, name, max(atMs) AS lastSeenMs
FROM
(
    SELECT
        Environment AS environment,
        arrayJoin(arrayFilter(name -> name IN {names:Array(String)}, [
            concat('service:', Service),
            concat('instance:', Instance),
            concat('node:', Node),
            concat('cluster:', Cluster),
            concat('namespace:', Namespace)])) AS name,
        atMs
    FROM
    (
        SELECT
            Environment, Service, Instance, max(Node) AS Node, max(Cluster) AS Cluster, max(Namespace) AS Namespace,
            ${lastSeen} AS atMs
        FROM presence
        WHERE Tenant = {tenant:String} AND ${sinceDay}
        GROUP BY Environment, Service, Instance
    )
    UNION ALL
    SELECT Environment AS environment, concat('callee:', Callee) AS name, toInt64(toUnixTimestamp(WindowStart)) * 1000 AS atMs
    FROM edge_periods
    WHERE Tenant = {tenant:String} AND ${inRange} AND Callee IN {callees:Array(String)}
)
GROUP BY environment, name
ORDER BY environment, name
LIMIT ${maxNames}`,
    {
      tenant: query.scope.tenant,
      names: namesOf(query.focus),
      callees: query.focus?.services ?? [],
      ...rangeParams({ fromMs, toMs }),
    },
    budget,
  );
}

/** A day before the baseline and all of the query's time. */
export function searched({ slices }: Pick<EvidenceQuery, 'slices'>): {
  readonly fromMs: number;
  readonly toMs: number;
} {
  const fromMs = Math.min(...slices.map((slice) => slice.fromMs));
  const toMs = Math.max(...slices.map((slice) => slice.toMs));
  return slices.length === 0 ? { fromMs: 0, toMs: 0 } : { fromMs: Math.max(0, fromMs - dayMs), toMs };
}

function namesOf(focus: EvidenceFocus | undefined): string[] {
  const { services = [], instances = [], nodes = [], clusters = [], namespaces = [] } = focus ?? {};
  return [
    ...services.map((name) => `service:${name}`),
    ...instances.map((name) => `instance:${name}`),
    ...nodes.map((name) => `node:${name}`),
    ...clusters.map((name) => `cluster:${name}`),
    ...namespaces.map((name) => `namespace:${name}`),
  ];
}

/**
 * By environment, what was seen there since the baseline began; when nothing was, in the day before. A name that somebody gave up an hour ago
 * must not make the others doubtful.
 */
export function seenByEnvironment(rows: readonly SeenName[], baselineFromMs: number): readonly SeenIn[] {
  const recent = rows.filter(({ lastSeenMs }) => lastSeenMs >= baselineFromMs);
  const counted = recent.length > 0 ? recent : rows;
  const traced = new Set(counted.map(({ name }) => name));
  const isOwn = (name: string) => !name.startsWith('callee:') || !traced.has(name.replace('callee:', 'service:'));
  const byEnvironment = Map.groupBy(
    counted.filter(({ name }) => isOwn(name)),
    ({ environment }) => environment,
  );
  return [...byEnvironment].map(([environment, seen]) => ({ environment, names: seen.map(({ name }) => name).sort() }));
}

export async function readSeen(
  engine: Pick<Engine, 'select'>,
  query: Pick<EvidenceQuery, 'scope' | 'slices' | 'focus'>,
  budget: Budget,
): Promise<readonly SeenIn[]> {
  const rows = await engine.select<SeenName>(seenNamesStatement(query, budget));
  return seenByEnvironment(rows, query.slices[0]?.fromMs ?? 0);
}
