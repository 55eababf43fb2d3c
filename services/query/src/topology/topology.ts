/** The dependency graph and the health of a service from the store, and edges that people declare. */
import type { Bus } from '@faultline/bus';
import {
  codecs,
  correlationKey,
  type DeclaredGraph,
  type EnvironmentRules,
  foldEnvironment,
  recordTypeHeader,
  recordTypes,
  type TimeRange,
  unnamedEnvironment,
} from '@faultline/model';
import type { Clock } from '@faultline/runtime';
import type { HistoryReader } from '@faultline/store';
import type { Call } from '../api/call.ts';
import { rfc3339 } from '../api/json-value.ts';
import { FieldError, notFound } from '../errors.ts';
import { isAbout } from '../incident/filter.ts';
import type { IncidentReadModel } from '../incident/read-model.ts';
import type { ReadStore } from '../read-model/store.ts';
import { healthJson, wideGraphJson } from './health.ts';
import type { DeclareGraphRequest } from './requests.ts';

export interface TopologyOptions {
  readonly bus: Bus;
  readonly readModel: IncidentReadModel;
  readonly readStore: ReadStore;
  readonly clock: Clock;
  /** By which names of environments are folded. */
  readonly environmentRules: EnvironmentRules;
}

interface Where {
  readonly environment: string;
  readonly from: number | null;
  readonly to: number | null;
}

const hourMs = 3_600_000;
const maxRangeMs = 31 * 24 * hourMs;

/** The handlers of TopologyService. */
export function createTopology({ bus, readModel, readStore, clock, environmentRules }: TopologyOptions) {
  /** One environment by any of its names; without a name all that send telemetry. */
  const readScope = async (store: HistoryReader, tenant: string, { environment: name, from, to }: Where) => {
    const { environment } = foldEnvironment(name, environmentRules);
    if (name !== '') return { scope: { tenant, environment: environment || unnamedEnvironment } };
    const known = await store.environments({ tenant, fromMs: rangeOf({ from, to }, clock()).fromMs });
    const environments = [...new Set([unnamedEnvironment, ...known.map((entry) => entry.environment)])].sort();
    return { scope: { tenant, environment: '' }, environments };
  };

  const environments = async ({ since }: { readonly since: number | null }, { tenant }: Call) => {
    const fromMs = since ?? clock() - 48 * hourMs;
    const known = await readStore((store) => store.environments({ tenant, fromMs }));
    return { environments: known.map(({ lastSeenMs, ...entry }) => ({ ...entry, lastSeen: rfc3339(lastSeenMs) })) };
  };

  const graph = async (request: Where, { tenant }: Call) => {
    const range = rangeOf(request, clock());
    return wideGraphJson(await readStore(async (store) => store.graph(await readScope(store, tenant, request), range)));
  };

  const entity = async (request: Where & { readonly service: string }, { tenant }: Call) => {
    const { service } = request;
    const range = rangeOf(request, clock());
    const read = await readStore((store) => readScope(store, tenant, request));
    const [health, wide] = await Promise.all([
      readStore((store) => store.entityHealth({ ...read, service, range })),
      readStore((store) => store.graph(read, range)),
    ]);
    const edges = wide.edges.filter(({ from, to }) => from === service || to === service);
    if (health.operations.length === 0 && edges.length === 0)
      throw notFound(`no telemetry of ${service} in this time range`);
    const incidents = readModel.list(tenant).filter((incident) => isAbout(incident, service));
    return healthJson({ service, range, health, edges, incidentIds: incidents.map(({ id }) => id).sort() });
  };

  const declare = async (request: DeclareGraphRequest, { tenant }: Call) => {
    const scope = { tenant, environment: foldEnvironment(request.environment, environmentRules).environment };
    const source = request.source || 'declared';
    await bus.publish([declaredGraphRecord({ scope, source, edges: request.edges, declaredAtMs: clock() })]);
    return { edges: request.edges.length };
  };

  return { graph, entity, environments, declare };
}

function declaredGraphRecord(declared: DeclaredGraph) {
  return {
    topic: 'changes',
    key: correlationKey(declared.scope),
    value: codecs.declaredGraph.encode(declared),
    headers: { [recordTypeHeader]: recordTypes.declaredGraph, source: declared.source },
  } as const;
}

/** Default: the last hour. Throws `FieldError` for a range that is empty or too wide. */
export function rangeOf({ from, to }: Pick<Where, 'from' | 'to'>, nowMs: number): TimeRange {
  const toMs = to ?? nowMs;
  const fromMs = from ?? toMs - hourMs;
  if (fromMs >= toMs) throw new FieldError('from', 'must be before `to`');
  if (toMs - fromMs > maxRangeMs) throw new FieldError('from', 'must be at most 31 days before `to`');
  return { fromMs, toMs };
}
