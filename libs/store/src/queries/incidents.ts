import type { Incident } from '@faultline/model';
import type { Engine, Statement } from '../engine.ts';
import { storeError } from '../translate-error.ts';
import { type Page, type PageRequest, pageSize, pageToken, parsePageToken, toPage } from './page.ts';
import { type Budget, bounded } from './statement.ts';

/** Fields that are left out do not filter. Times limit the start of the incident: from inclusive, to exclusive. */
export interface IncidentFilter {
  readonly tenant: string;
  /** One of these. */
  readonly environments?: readonly string[];
  readonly statuses?: readonly Incident['status'][];
  /** One of the degraded services. */
  readonly service?: string;
  readonly fromMs?: number;
  readonly toMs?: number;
}

interface IncidentResult {
  readonly id: string;
  readonly startedAtMs: number;
  readonly body: string;
}

/** The latest revision of each incident, latest start first. */
export function incidentsStatement(filter: IncidentFilter, page: PageRequest, budget: Budget): Statement {
  const after = page.token === null ? null : readToken(page.token);
  const conditions = [
    ...(filter.environments === undefined ? [] : ['hasAny(arrayPushBack(inAll, inOne), {environments:Array(String)})']),
    ...(filter.statuses === undefined ? [] : ['status IN {statuses:Array(String)}']),
    ...(filter.service === undefined ? [] : ['has(services, {service:String})']),
    ...(filter.fromMs === undefined ? [] : ['startedAtMs >= {fromMs:Int64}']),
    ...(filter.toMs === undefined ? [] : ['startedAtMs < {toMs:Int64}']),
    ...(after === null ? [] : ['(startedAtMs, id) < ({afterMs:Int64}, {afterId:String})']),
  ];
  return bounded(
    `SELECT IncidentId AS id, toUnixTimestamp64Milli(StartedAt) AS startedAtMs, Body AS body
FROM incidents
WHERE Tenant = {tenant:String} AND (IncidentId, Revision) IN
(
    SELECT id, revision
    FROM
    (
        SELECT
            IncidentId AS id,
            max(Revision) AS revision,
            argMax(Status, Revision) AS status,
            argMax(Services, Revision) AS services,
            toString(argMax(Environment, Revision)) AS inOne,
            arrayMap(name -> toString(name), argMax(Environments, Revision)) AS inAll,
            toUnixTimestamp64Milli(argMax(incidents.StartedAt, Revision)) AS startedAtMs
        FROM incidents
        WHERE Tenant = {tenant:String}
        GROUP BY id
    )
    WHERE ${conditions.length === 0 ? 'true' : conditions.join(' AND ')}
    ORDER BY startedAtMs DESC, id DESC
    LIMIT {limit:UInt32}
)
ORDER BY startedAtMs DESC, id DESC
LIMIT 1 BY id
LIMIT {limit:UInt32}`,
    {
      ...filter,
      ...(filter.environments === undefined ? {} : { environments: [...filter.environments] }),
      limit: pageSize(page) + 1,
      ...(after === null ? {} : { afterMs: after.atMs, afterId: after.key[0] ?? '' }),
    },
    budget,
  );
}

/** A token that we did not issue is the caller's mistake: STORE_BAD_PAGE_TOKEN. */
function readToken(token: string) {
  const place = parsePageToken(token);
  if (place === null) throw storeError('STORE_BAD_PAGE_TOKEN', 'permanent');
  return place;
}

export async function listIncidents(
  engine: Pick<Engine, 'select'>,
  filter: IncidentFilter,
  page: PageRequest,
  budget: Budget,
): Promise<Page<Incident>> {
  const rows = await engine.select<IncidentResult>(incidentsStatement(filter, page, budget));
  return toPage(
    rows,
    pageSize(page),
    ({ startedAtMs, id }) => pageToken(startedAtMs, id),
    ({ body }) => incidentOf(body),
  );
}

/** Older releases wrote bodies without the later fields. */
function incidentOf(body: string): Incident {
  const written = JSON.parse(body) as Incident;
  return { ...laterFields, ...written };
}

const laterFields: Pick<Incident, 'environments' | 'environmentReading' | 'missing' | 'evidenceRetry' | 'concurrent'> =
  {
    environments: [],
    environmentReading: null,
    missing: [],
    evidenceRetry: null,
    concurrent: { count: 0, incidentIds: [] },
  };

export interface RevisionRequest {
  readonly tenant: string;
  readonly incidentId: string;
  /** Null: the latest. */
  readonly revision: number | null;
}

export function revisionStatement({ tenant, incidentId, revision }: RevisionRequest, budget: Budget): Statement {
  return bounded(
    `SELECT Body AS body
FROM incidents
WHERE Tenant = {tenant:String} AND IncidentId = {incidentId:String}${revision === null ? '' : ' AND Revision = {revision:UInt32}'}
ORDER BY Revision DESC
LIMIT 1`,
    { tenant, incidentId, ...(revision === null ? {} : { revision }) },
    budget,
  );
}

/** Null when there is none. */
export async function getIncidentRevision(
  engine: Pick<Engine, 'select'>,
  request: RevisionRequest,
  budget: Budget,
): Promise<Incident | null> {
  const [row] = await engine.select<{ body: string }>(revisionStatement(request, budget));
  return row === undefined ? null : incidentOf(row.body);
}
