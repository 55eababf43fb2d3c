/** The wide graph and a service's health from the store, and edges declared by people. */
import type { Bus } from '@faultline/bus';
import { codecs, type DeclaredGraph, recordTypeHeader, recordTypes, scopeKey, type TimeRange } from '@faultline/model';
import type { Clock } from '@faultline/runtime';
import type { Call } from '../api/call.ts';
import { FieldError, notFound } from '../errors.ts';
import type { IncidentBook } from '../incident/book.ts';
import { isAbout } from '../incident/filter.ts';
import type { AskStore } from '../view/history.ts';
import { healthJson, wideGraphJson } from './health.ts';
import type { DeclareGraphRequest } from './requests.ts';

export interface TopologyOptions {
  readonly bus: Bus;
  readonly book: IncidentBook;
  readonly askStore: AskStore;
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
export function createTopology({ bus, book, askStore, clock }: TopologyOptions) {
  const graph = async (request: Where, { tenant }: Call) => {
    const range = rangeOf(request, clock());
    return wideGraphJson(await askStore((store) => store.graph(scopeOf(tenant, request), range)));
  };

  const entity = async (request: Where & { readonly service: string }, { tenant }: Call) => {
    const { service } = request;
    const range = rangeOf(request, clock());
    const scope = scopeOf(tenant, request);
    const [health, wide] = await Promise.all([
      askStore((store) => store.entityHealth({ scope, service, range })),
      askStore((store) => store.graph(scope, range)),
    ]);
    const edges = wide.edges.filter(({ from, to }) => from === service || to === service);
    if (health.operations.length === 0 && edges.length === 0)
      throw notFound(`nothing was heard of ${service} in this time`);
    const incidents = book.list(tenant).filter((incident) => isAbout(incident, service));
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

/** A graph for every environment goes to every partition once, as each scope reads just its own. */
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

/** The hour up to now, unless asked otherwise. Throws `FieldError` for a range that is empty or too wide to answer. */
export function rangeOf({ from, to }: Pick<Where, 'from' | 'to'>, nowMs: number): TimeRange {
  const toMs = to ?? nowMs;
  const fromMs = from ?? toMs - hourMs;
  if (fromMs >= toMs) throw new FieldError('from', 'must be before `to`');
  if (toMs - fromMs > maxRangeMs) throw new FieldError('from', 'must be at most 31 days before `to`');
  return { fromMs, toMs };
}
