/** The call graph as grouping sees it, and the short paths along which a fault spreads. */
import type { CallGraph, CallPath, ScopeState, Topology } from '../state/state.ts';
import { mayBeIn } from './environment.ts';

/** The calls of these environments in the last evidence, and what is declared of them. Without a name: those of all environments. */
export function knownGraph(state: ScopeState, environments: readonly string[] = []): CallGraph {
  const key = environments.join(',');
  const known = state.callGraphs.get(key);
  if (known !== undefined) return known;
  const graph = buildGraph(state, environments);
  state.callGraphs.set(key, graph);
  return graph;
}

function buildGraph(state: ScopeState, environments: readonly string[]): CallGraph {
  const callees = new Map<string, Set<string>>();
  const callers = new Map<string, Set<string>>();
  const services = new Set<string>();
  const add = (from: string, to: string) => {
    if (from === to || from === '' || to === '') return;
    services.add(from).add(to);
    link(callees, from, to);
    link(callers, to, from);
  };
  for (const { edges } of topologiesOf(state, environments)) for (const [from, to] of edges) add(from, to);
  for (const { scope, edges } of state.graphs.values())
    if (mayBeIn(state, environments, scope.environment)) for (const { from, to } of edges) add(from, to);
  return { services, callees: sortedLinks(callees), callers: sortedLinks(callers), near: new Map() };
}

/** What was read of exactly these environments; else of each of them; else what is known of no environment in particular. */
function topologiesOf({ topologies }: ScopeState, environments: readonly string[]): readonly Topology[] {
  if (environments.length === 0) return [...topologies.values()];
  const whole = topologies.get(environments.join(','));
  if (whole !== undefined) return [whole];
  const each = environments.flatMap((name) => topologies.get(name) ?? []);
  return each.length > 0 ? each : [topologies.get('') ?? { edges: [] }];
}

function link(links: Map<string, Set<string>>, from: string, to: string): void {
  const known = links.get(from);
  if (known === undefined) links.set(from, new Set([to]));
  else known.add(to);
}

function sortedLinks(links: ReadonlyMap<string, ReadonlySet<string>>): Map<string, readonly string[]> {
  return new Map([...links].map(([from, to]) => [from, [...to].sort()]));
}

interface Limits {
  readonly maxHops: number;
  readonly allowed: (service: string) => boolean;
}

/** Every service for which `findPath` may find a path from this one: down over its callees, then up over their callers. */
export function reachBothWays(graph: CallGraph, service: string, limits: Limits): Set<string> {
  const found = new Set(descend(graph, [service], limits).keys());
  let last: Iterable<string> = [...found];
  for (let hops = 0; hops < limits.maxHops; hops += 1) {
    const next: string[] = [];
    for (const name of last)
      for (const caller of graph.callers.get(name) ?? [])
        if (!found.has(caller) && limits.allowed(caller)) {
          found.add(caller);
          next.push(caller);
        }
    last = next;
  }
  return found;
}

/** The same over any services. Cached until the graph changes. */
export function nearServices(graph: CallGraph, service: string, maxHops: number): ReadonlySet<string> {
  const known = graph.near.get(service);
  if (known !== undefined) return known;
  const near = reachBothWays(graph, service, { maxHops, allowed: () => true });
  graph.near.set(service, near);
  return near;
}

interface Reached {
  readonly hops: number;
  /** The service it was reached from; itself at the start. */
  readonly via: string;
}

/** The services that calls from `starts` reach over `allowed` services, with their hops. Breadth first, in the order of names. */
export function descend(
  graph: CallGraph,
  starts: Iterable<string>,
  { maxHops, allowed }: Limits,
): Map<string, Reached> {
  const reached = new Map<string, Reached>();
  for (const start of [...starts].sort()) reached.set(start, { hops: 0, via: start });
  for (const [service, { hops }] of reached) {
    if (hops >= maxHops) continue;
    for (const callee of graph.callees.get(service) ?? [])
      if (!reached.has(callee) && allowed(callee)) reached.set(callee, { hops: hops + 1, via: service });
  }
  return reached;
}

/**
 * The shortest path by which one fault may reach both `from` and one of `targets`: calls lead down from both to the same service, which
 * may be one of the two. Null when there is none. A shared caller alone is no path: it suffers from both.
 */
export function findPath(graph: CallGraph, from: string, targets: Iterable<string>, limits: Limits): CallPath | null {
  const down = descend(graph, [from], limits);
  const up = descend(graph, targets, limits);
  let best: { readonly service: string; readonly hops: number } | null = null;
  for (const [service, { hops }] of down) {
    const other = up.get(service);
    if (other === undefined) continue;
    const total = hops + other.hops;
    if (best === null || total < best.hops || (total === best.hops && service < best.service))
      best = { service, hops: total };
  }
  if (best === null) return null;
  const { service } = best;
  return { services: [...trail(down, service).reverse(), ...trail(up, service).slice(1)], sharedCallee: service };
}

function trail(reached: ReadonlyMap<string, Reached>, end: string): string[] {
  const names = [end];
  for (let step = reached.get(end); step !== undefined && step.hops > 0; step = reached.get(step.via))
    names.push(step.via);
  return names;
}

/** The degraded services that are connected with these members. All of them when no call is known. */
export function relatedServices(
  graph: CallGraph,
  members: readonly string[],
  degraded: readonly string[],
  maxHops: number,
): string[] {
  if (graph.services.size === 0) return [...degraded].sort();
  const moved = new Set([...degraded, ...members]);
  const allowed = (service: string) => moved.has(service);
  const below = descend(graph, members, { maxHops, allowed });
  const touches = (service: string) =>
    [...descend(graph, [service], { maxHops, allowed }).keys()].some((s) => below.has(s));
  return [...moved].filter((service) => below.has(service) || touches(service)).sort();
}
