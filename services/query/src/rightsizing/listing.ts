/** Answers ListRightsizing, and the same for one workload. */
import { unnamedEnvironment } from '@faultline/model';
import type { Clock } from '@faultline/runtime';
import type { ContainerFilter, HistoryReader } from '@faultline/store';
import type { Call } from '../api/call.ts';
import { encodeCursor, fitPage, parseCursor } from '../api/page.ts';
import { FieldError } from '../errors.ts';
import type { ReadStore } from '../read-model/store.ts';
import type { ListRightsizingRequest } from '../workload/requests.ts';
import type { RightsizingConfig } from './config.ts';
import { containerJson, isRecommended, totalsJson } from './json.ts';
import { notesOf } from './notes.ts';
import { type ContainerRightsizing, type DeclaredContainers, rightsizingOf } from './rightsizing.ts';

export interface RightsizingOptions {
  readonly readStore: ReadStore;
  readonly clock: Clock;
  readonly config: RightsizingConfig;
  /** The specifications of a tenant's workloads. Default: none is known, and requests come from metrics. */
  readonly declaredOf?: (tenant: string) => DeclaredContainers;
}

/** A workload of a cluster. An empty cluster: of every cluster. */
export type RightsizedWorkload = Pick<ContainerFilter, 'cluster' | 'namespace' | 'workload'>;

const dayMs = 86_400_000;
const nothingDeclared: DeclaredContainers = () => null;

export function createRightsizing({
  readStore,
  clock,
  config,
  declaredOf = () => nothingDeclared,
}: RightsizingOptions) {
  const read = async (tenant: string, filter: ContainerFilter) => {
    const nowMs = clock();
    const usage = await readStore(async (store) => {
      const environments = await environmentsOf(store, tenant, nowMs - config.days * dayMs);
      const scope = { scope: { tenant, environment: '' }, environments };
      return store.containerUsage({ read: scope, filter, nowMs, days: config.days });
    });
    return { usage, measured: rightsizingOf({ usage, declared: declaredOf(tenant), config, nowMs }) };
  };

  /** The handler of ListRightsizing: what frees most is first. Throws `FieldError` for a page token that is not ours. */
  const list = async (request: ListRightsizingRequest, { tenant }: Pick<Call, 'tenant'>) => {
    const { cluster, namespace, name, kind, team, recommended, pageSize, pageToken } = request;
    const { usage, measured } = await read(tenant, { cluster, namespace, workload: name, container: '' });
    const matching = measured
      .filter((each) => (kind === '' || each.kind === kind) && (team === '' || each.team === team))
      .filter((each) => !recommended || isRecommended(each))
      .sort(byFreeable);
    const rest = after(matching, pageToken);
    const containers = fitPage(rest.slice(0, pageSize), (each) => containerJson(each, config));
    const last = rest[containers.length - 1];
    const hasNext = last !== undefined && rest.length > containers.length;
    return {
      containers,
      nextPageToken: hasNext ? encodeCursor([0, keyOf(last)]) : '',
      total: matching.length,
      totals: totalsJson(matching, config),
      notes: [...notesOf({ usage, measured, matching }, config)],
    };
  };

  /** The containers of one workload, by name. */
  const ofWorkload = async (tenant: string, workload: RightsizedWorkload) =>
    (await read(tenant, { ...workload, container: '' })).measured.map((each) => containerJson(each, config));

  return { list, ofWorkload };
}

async function environmentsOf(store: HistoryReader, tenant: string, fromMs: number): Promise<readonly string[]> {
  const known = await store.environments({ tenant, fromMs });
  return [...new Set([unnamedEnvironment, ...known.map(({ environment }) => environment)])].sort();
}

function byFreeable(a: ContainerRightsizing, b: ContainerRightsizing): number {
  const [mine, other] = [a.freeable, b.freeable];
  return (
    other.monthlyPrice - mine.monthlyPrice ||
    other.cores - mine.cores ||
    other.gib - mine.gib ||
    (keyOf(a) < keyOf(b) ? -1 : 1)
  );
}

function keyOf({ environment, cluster, namespace, workload, container }: ContainerRightsizing): string {
  return [environment, cluster, namespace, workload, container].join('/');
}

/** What follows the last row of the page before. */
function after(rows: readonly ContainerRightsizing[], token: string): readonly ContainerRightsizing[] {
  const cursor = parseCursor(token);
  if (cursor === null) return rows;
  const index = rows.findIndex((row) => keyOf(row) === cursor[1]);
  if (index === -1) throw new FieldError('pageToken', 'names a container that is gone; start again without it');
  return rows.slice(index + 1);
}
