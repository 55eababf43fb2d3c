/** The incident's graph: the services that take part, and how their calls stand. */
import type { IncidentGraph, NodeRole } from '@faultline/model';
import { histogramQuantile } from '@faultline/model';
import type { EdgePair } from '../compare/calls.ts';
import type { Context } from '../compare/comparison.ts';

/** What a page can show. */
const maxNodes = 60;

export interface GraphRoles {
  readonly cause: string | null;
  readonly paths: readonly (readonly string[])[];
  readonly disturbed: ReadonlySet<string>;
  readonly blind: ReadonlySet<string>;
}

/** Nodes of the paths and the disturbed first, then their neighbours; edges between shown nodes. Sorted by name. */
export function incidentGraph(context: Context, roles: GraphRoles): IncidentGraph {
  const shown = shownServices(context, roles);
  const nodes = [...shown].sort().map((service) => ({ id: service, service, role: roleOf(context, roles, service) }));
  const seen = context.edges.filter(({ caller, callee }) => shown.has(caller) && shown.has(callee)).map(edgeOf);
  const known = new Set(seen.map(({ from, to }) => `${from}\n${to}`));
  const declared = context.input.declaredEdges
    .filter(({ from, to }) => shown.has(from) && shown.has(to) && !known.has(`${from}\n${to}`))
    .map(({ from, to }) => ({
      from,
      to,
      calls: 0,
      errorRatio: 0,
      p95Ms: 0,
      source: 'declared' as const,
      lastSeenMs: 0,
    }));
  return { nodes, edges: [...seen, ...declared].sort((a, b) => compare(a.from, b.from) || compare(a.to, b.to)) };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function shownServices(context: Context, { paths, disturbed, blind, cause }: GraphRoles): Set<string> {
  const core = [...paths.flat(), ...context.alerting, ...disturbed, ...blind, ...(cause === null ? [] : [cause])];
  const shown = new Set(core.slice(0, maxNodes));
  for (const service of [...shown])
    for (const neighbour of [...(context.callees.get(service) ?? []), ...(context.callers.get(service) ?? [])])
      if (shown.size < maxNodes) shown.add(neighbour);
  return shown;
}

function roleOf(context: Context, { cause, paths, disturbed, blind }: GraphRoles, service: string): NodeRole {
  if (service === cause) return 'cause';
  if (context.alerting.has(service)) return 'symptom';
  if (blind.has(service)) return 'blind';
  return disturbed.has(service) || paths[0]?.includes(service) ? 'affected' : 'healthy';
}

function edgeOf({ caller, callee, source, lastSeenMs, before, during }: EdgePair): IncidentGraph['edges'][number] {
  const stats = during.calls > 0 ? during : before;
  const p95Us = histogramQuantile(stats.duration, 0.95);
  return {
    from: caller,
    to: callee,
    calls: stats.calls,
    errorRatio: stats.calls === 0 ? 0 : stats.errors / stats.calls,
    p95Ms: Number.isFinite(p95Us) ? Math.round(p95Us / 10) / 100 : 0,
    source,
    lastSeenMs,
  };
}
