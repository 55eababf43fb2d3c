import type { Change, ChangeKind, ClusterChange, Entities } from '@faultline/model';
import type { Engine, Statement } from '../engine.ts';
import { storeError } from '../translate-error.ts';
import { type Page, type PageRequest, pageSize, pageToken, parsePageToken, toPage } from './page.ts';
import { type Budget, bounded } from './statement.ts';

/** Fields that are left out do not filter. Times limit the start of the change: from inclusive, to exclusive. */
export interface ChangeFilter {
  readonly tenant: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** One of these. */
  readonly environments?: readonly string[];
  readonly ids?: readonly string[];
  readonly cluster?: string;
  readonly namespace?: string;
  /** The service or the workload has one of these names. */
  readonly services?: readonly string[];
  readonly workloads?: readonly string[];
  readonly objectKind?: string;
  readonly objectName?: string;
  readonly kinds?: readonly ChangeKind[];
  readonly source?: string;
  /** Only those that roll out. */
  readonly rollouts?: boolean;
}

interface ChangeResult extends Omit<Change, 'scope' | 'cluster' | 'raw' | 'entities'> {
  readonly environment: string;
  readonly entities: Entities;
  readonly detail: string;
}

/** Each change in its last state, latest start first. */
export function changesStatement(filter: ChangeFilter, page: PageRequest, budget: Budget): Statement {
  const after = page.token === null ? null : parsePageToken(page.token);
  if (page.token !== null && after === null) throw storeError('STORE_BAD_PAGE_TOKEN', 'permanent');
  const conditions = [
    'Tenant = {tenant:String}',
    'StartedAt >= fromUnixTimestamp64Milli({fromMs:Int64})',
    'StartedAt < fromUnixTimestamp64Milli({toMs:Int64})',
    ...filterConditions(filter),
    ...(after === null ? [] : ['(toUnixTimestamp64Milli(StartedAt), Id) < ({afterMs:Int64}, {afterId:String})']),
  ];
  return bounded(
    `SELECT
    toString(Environment) AS environment,
    Id AS id,
    Source AS source,
    Kind AS kind,
    Entities AS entities,
    Summary AS summary,
    Actor AS actor,
    toUnixTimestamp64Milli(StartedAt) AS startedAtMs,
    if(EndedAt IS NULL, NULL, toUnixTimestamp64Milli(assumeNotNull(EndedAt))) AS endedAtMs,
    Version AS version,
    PreviousVersion AS previousVersion,
    Url AS url,
    toUnixTimestamp64Milli(ReceivedAt) AS receivedAtMs,
    Detail AS detail
FROM changes
WHERE ${conditions.join('\n    AND ')}
ORDER BY startedAtMs DESC, id DESC, RolloutAt DESC, ReceivedAt DESC, EndedAt DESC NULLS LAST
LIMIT 1 BY id
LIMIT {limit:UInt32}`,
    { ...paramsOf(filter), limit: pageSize(page) + 1, afterMs: after?.atMs ?? 0, afterId: after?.key[0] ?? '' },
    budget,
  );
}

function filterConditions(filter: ChangeFilter): readonly string[] {
  const {
    environments,
    ids,
    cluster,
    namespace,
    services,
    workloads,
    objectKind,
    objectName,
    kinds,
    source,
    rollouts,
  } = filter;
  return [
    ...(environments === undefined ? [] : ['Environment IN {environments:Array(String)}']),
    ...(ids === undefined ? [] : ['Id IN {ids:Array(String)}']),
    ...(cluster === undefined ? [] : ["(Cluster = {cluster:String} OR Entities['cluster'] = {cluster:String})"]),
    ...(namespace === undefined
      ? []
      : ["(ObjectNamespace = {namespace:String} OR Entities['namespace'] = {namespace:String})"]),
    ...(services === undefined
      ? []
      : ["(Entities['service'] IN {services:Array(String)} OR Entities['workload'] IN {services:Array(String)})"]),
    ...(workloads === undefined ? [] : ["Entities['workload'] IN {workloads:Array(String)}"]),
    ...(objectKind === undefined ? [] : ['ObjectKind = {objectKind:String}']),
    ...(objectName === undefined ? [] : ['ObjectName = {objectName:String}']),
    ...(kinds === undefined ? [] : ['Kind IN {kinds:Array(String)}']),
    ...(source === undefined ? [] : ['Source = {source:String}']),
    ...(rollouts === true ? ["RolloutState != ''"] : []),
  ];
}

function paramsOf({ rollouts: _rollouts, ...filter }: ChangeFilter): Statement['params'] {
  const set = Object.entries(filter).filter(([, value]) => value !== undefined);
  return Object.fromEntries(set.map(([name, value]) => [name, Array.isArray(value) ? [...value] : value]));
}

export async function listChanges(
  engine: Pick<Engine, 'select'>,
  filter: ChangeFilter,
  page: PageRequest,
  budget: Budget,
): Promise<Page<Change>> {
  const rows = await engine.select<ChangeResult>(changesStatement(filter, page, budget));
  return toPage(
    rows,
    pageSize(page),
    ({ startedAtMs, id }) => pageToken(startedAtMs, id),
    (row) => changeOf(row, filter.tenant),
  );
}

function changeOf({ environment, detail, ...row }: ChangeResult, tenant: string): Change {
  const cluster = detail === '' ? null : (JSON.parse(detail) as ClusterChange);
  return { ...row, scope: { tenant, environment }, raw: '', cluster };
}
