/**
 * Chooses the services that an evidence query on a large system covers: those that alerts name, those with more errors
 * than before, and those around them in the call graph and on the same nodes. Pure.
 */
import type { EvidenceFocus, PresenceRow } from '@faultline/model';

export interface Neighbourhood {
  /** All chosen services, nearest first. */
  readonly services: readonly string[];
  /** The first of them, for which instances are distinguished. */
  readonly near: readonly string[];
  /** Callees to include. An omitted callee would look like a service without telemetry. */
  readonly callees: readonly string[];
  /**
   * Senders that make no calls, such as node exporters. Their metrics count on `nodes`, where instances of near
   * services run.
   */
  readonly exporters: readonly string[];
  readonly nodes: readonly string[];
}

export interface WholeSystem {
  readonly calls: readonly { readonly caller: string; readonly callee: string; readonly calls: number }[];
  readonly presence: readonly Pick<PresenceRow, 'service' | 'instance' | 'node' | 'lastSpanMs'>[];
  /** Services with more errors than their baseline predicts, worst first. */
  readonly erring: readonly string[];
}

/** Systems up to this size are read as a whole. */
export const maxWholeServices = 64;
const most = { nodes: 64, silent: 64 } as const;

/** How many services each reason may add. `services` limits them all. */
function limitsOf(services: number) {
  const share = (part: number) => Math.ceil(services * part);
  return { services, near: share(1 / 3), named: share(2 / 3), erring: share(1 / 4), sameNode: share(1 / 4) };
}

/** The names of all services that sent telemetry or were called. */
export function servicesOf({ calls, presence }: Pick<WholeSystem, 'calls' | 'presence'>): ReadonlySet<string> {
  const called = calls.flatMap(({ caller, callee }) => [caller, callee]);
  return new Set([...presence.map(({ service }) => service), ...called].filter((name) => name !== ''));
}

/** Null when the system is small enough to be read as a whole. */
export function chooseNeighbourhood(
  whole: WholeSystem,
  focus: EvidenceFocus | undefined,
  maxServices: number,
): Neighbourhood | null {
  const limits = limitsOf(maxServices);
  const known = servicesOf(whole);
  if (known.size <= maxWholeServices) return null;
  const { system, exporters } = separateExporters(whole);
  const graph = linksOf(system.calls);
  const chosen = new Set<string>();
  const add = (names: readonly string[], count: number = limits.services) => {
    for (const name of names.filter((one) => known.has(one) && !chosen.has(one)).slice(0, count))
      if (chosen.size < limits.services) chosen.add(name);
  };
  add(namedServices(system, focus), limits.named);
  add(system.erring, chosen.size === 0 ? limits.near : limits.erring);
  // Nothing is named and nothing has errors, so take the busiest services.
  if (chosen.size === 0) add(busiest(system.calls));
  const seeds = [...chosen];
  add(seeds.flatMap((name) => graph.callees(name)));
  add(onSameNodes(system, seeds), limits.sameNode);
  add(seeds.flatMap((name) => graph.callers(name)));
  // Faults travel from callee to caller, so further away only callees can be the cause.
  for (let level = [...chosen]; level.length > 0 && chosen.size < limits.services; ) {
    const next = level.flatMap((name) => graph.callees(name)).filter((name) => !chosen.has(name));
    add(next);
    level = [...new Set(next)].filter((name) => chosen.has(name));
  }
  const services = [...chosen];
  const near = services.slice(0, limits.near);
  const nodes = nodesOf(system, near, focus).slice(0, most.nodes);
  const there = exporters.filter(({ node }) => nodes.includes(node)).map(({ service }) => service);
  const callees = [...services, ...silentCallees(whole, graph, services)];
  return { services, near, callees, exporters: [...new Set(there)].sort().slice(0, most.nodes), nodes };
}

/** Services that alerts name, then those whose instances or nodes they name. */
function namedServices({ presence }: WholeSystem, focus: EvidenceFocus | undefined): readonly string[] {
  if (focus === undefined) return [];
  const instances = new Set(focus.instances);
  const nodes = new Set(focus.nodes);
  const sortedRows = presence.filter(({ service }) => service !== '').map(({ service }) => service);
  const byInstance = presence.filter(({ instance }) => instances.has(instance)).map(({ service }) => service);
  const byNode = presence.filter(({ node }) => nodes.has(node)).map(({ service }) => service);
  const present = new Set(sortedRows);
  return [
    ...focus.services.filter((name) => present.has(name)),
    ...focus.services.filter((name) => !present.has(name)),
    ...[...byInstance].sort(),
    ...[...byNode].sort(),
  ].filter((name, index, all) => all.indexOf(name) === index);
}

function nodesOf({ presence }: WholeSystem, services: readonly string[], focus: EvidenceFocus | undefined): string[] {
  const wanted = new Set(services);
  const found = presence.filter(({ service, node }) => wanted.has(service) && node !== '').map(({ node }) => node);
  return [...new Set([...(focus?.nodes ?? []), ...found.sort()])];
}

/** Callees that send no spans, so only their callers show their state. */
function silentCallees({ presence }: WholeSystem, graph: Links, services: readonly string[]): readonly string[] {
  const traced = new Set(presence.filter(({ lastSpanMs }) => lastSpanMs > 0).map(({ service }) => service));
  const called = services.flatMap((name) => graph.callees(name));
  return [...new Set(called)].filter((name) => !traced.has(name) && !services.includes(name)).slice(0, most.silent);
}

/** Splits off exporters. They report on nodes and run everywhere, so running beside one means nothing. */
function separateExporters(whole: WholeSystem): { system: WholeSystem; exporters: WholeSystem['presence'] } {
  const calling = new Set(whole.presence.filter(({ lastSpanMs }) => lastSpanMs > 0).map(({ service }) => service));
  for (const { caller, callee } of whole.calls) calling.add(caller).add(callee);
  const isPart = ({ service }: { readonly service: string }) => calling.has(service);
  return {
    system: { ...whole, presence: whole.presence.filter(isPart) },
    exporters: whole.presence.filter((row) => !isPart(row)),
  };
}

function onSameNodes(system: WholeSystem, services: readonly string[]): readonly string[] {
  const nodes = new Set(nodesOf(system, services, undefined));
  const others = system.presence.filter(({ service, node }) => service !== '' && nodes.has(node));
  return [...new Set(others.map(({ service }) => service))].sort();
}

function busiest(calls: WholeSystem['calls']): readonly string[] {
  const sums = new Map<string, number>();
  for (const { callee, calls: count } of calls) sums.set(callee, (sums.get(callee) ?? 0) + count);
  return [...sums].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([name]) => name);
}

interface Links {
  /** Most calls first, ties by name. */
  callees(name: string): readonly string[];
  callers(name: string): readonly string[];
}

function linksOf(calls: WholeSystem['calls']): Links {
  const sorted = [...calls]
    .filter(({ caller, callee }) => caller !== callee)
    .sort((a, b) => b.calls - a.calls || (`${a.caller}\n${a.callee}` < `${b.caller}\n${b.callee}` ? -1 : 1));
  const callees = new Map<string, string[]>();
  const callers = new Map<string, string[]>();
  for (const { caller, callee } of sorted) {
    push(callees, caller, callee);
    push(callers, callee, caller);
  }
  return { callees: (name) => callees.get(name) ?? [], callers: (name) => callers.get(name) ?? [] };
}

function push(map: Map<string, string[]>, key: string, value: string): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [value]);
  else known.push(value);
}
