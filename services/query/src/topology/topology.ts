/** The dependency graph and the health of a service from the store, and edges that people declare. */
import type { Bus } from '@faultline/bus';
import { codecs, type DeclaredGraph, recordTypeHeader, recordTypes, scopeKey, type TimeRange } from '@faultline/model';
import type { Clock } from '@faultline/runtime';
import type { Call } from '../api/call.ts';
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
}

interface Where {
  readonly environment: string;
  readonly from: number | null;
  readonly to: number | null;
}

const hourMs = 3_600_000;
const maxRangeMs = 31 * 24 * hourMs;

/** The handlers of TopologyService. */
export function createTopology({ bus, readModel, readStore, clock }: TopologyOptions) {
  const graph = async (request: Where, { tenant }: Call) => {
    const range = rangeOf(request, clock());
    return wideGraphJson(await readStore((store) => store.graph(scopeOf(tenant, request), range)));
  };

  const entity = async (request: Where & { readonly service: string }, { tenant }: Call) => {
    const { service } = request;
    const range = rangeOf(request, clock());
    const scope = scopeOf(tenant, request);
    const [health, wide] = await Promise.all([
      readStore((store) => store.entityHealth({ scope, service, range })),
      readStore((store) => store.graph(scope, range)),
    ]);
    const edges = wide.edges.filter(({ from, to }) => from === service || to === service);
    if (health.operations.length === 0 && edges.length === 0)
      throw notFound(`no telemetry of ${service} in this time range`);
    const incidents = readModel.list(tenant).filter((incident) => isAbout(incident, service));
    return healthJson({ service, range, health, edges, incidentIds: incidents.map(({ id }) => id).sort() });
  };

  const declare = async (request: DeclareGraphRequest, { tenant }: Call) => {
    const scope = { tenant, environment: request.environment };
    const source = request.source || 'declared';
    await bus.publish(declaredGraphRecords(bus, { scope, source, edges: request.edges, declaredAtMs: clock() }));
    return { edges: request.edges.length };
  };

  return { graph, entity, declare };
}

/** Each scope reads its own partition only. A graph for all environments goes to every partition. */
function declaredGraphRecords(bus: Bus, declared: DeclaredGraph) {
  const record = {
    topic: 'changes',
    key: scopeKey(declared.scope),
    value: codecs.declaredGraph.encode(declared),
    headers: { [recordTypeHeader]: recordTypes.declaredGraph, source: declared.source },
  } as const;
  if (declared.scope.environment !== '') return [record];
  return Array.from({ length: bus.partitionCount('changes') }, (_, partition) => ({ ...record, partition }));
}

function scopeOf(tenant: string, { environment }: Where) {
  return { tenant, environment: environment || 'default' };
}

/** Default: the last hour. Throws `FieldError` for a range that is empty or too wide. */
export function rangeOf({ from, to }: Pick<Where, 'from' | 'to'>, nowMs: number): TimeRange {
  const toMs = to ?? nowMs;
  const fromMs = from ?? toMs - hourMs;
  if (fromMs >= toMs) throw new FieldError('from', 'must be before `to`');
  if (toMs - fromMs > maxRangeMs) throw new FieldError('from', 'must be at most 31 days before `to`');
  return { fromMs, toMs };
}
