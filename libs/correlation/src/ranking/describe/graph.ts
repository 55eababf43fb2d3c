/** The incident's graph: the services that take part, and the state of their calls. */
import type { IncidentGraph, NodeRole } from '@faultline/model';
import { histogramQuantile } from '@faultline/model';
import type { EdgeComparison } from '../compare/calls.ts';
import type { Comparison } from '../compare/comparison.ts';
import type { Candidate } from '../probability/candidate.ts';
import { edgeKey } from '../rows/call-edge.ts';

/** What a page can show. */
const maxNodes = 60;

export interface GraphRoles {
  readonly cause: string | null;
  readonly paths: readonly (readonly string[])[];
  readonly degraded: ReadonlySet<string>;
  /** Services with a telemetry gap; the API calls them `blind`. */
  readonly blind: ReadonlySet<string>;
}

type Inputs = Pick<Comparison, 'input' | 'edges' | 'alerting' | 'callees' | 'callers'>;

/** The candidates that are no cause but a gap in what is known. */
export function telemetryGapsOf(candidates: readonly Candidate[]): ReadonlySet<string> {
  return new Set(candidates.filter(({ kind }) => kind === 'blind').map(({ service }) => service));
}

/** Nodes of the paths and the degraded first, then their neighbours; edges between shown nodes. Sorted by name. */
export function incidentGraph(inputs: Inputs, roles: GraphRoles): IncidentGraph {
  const shown = shownServices(inputs, roles);
  const nodes = [...shown].sort().map((service) => ({ id: service, service, role: roleOf(inputs, roles, service) }));
  const seen = inputs.edges.filter(({ caller, callee }) => shown.has(caller) && shown.has(callee));
  const known = new Set(seen.map(edgeKey));
  const declared = inputs.input.declaredEdges
    .filter(({ from, to }) => shown.has(from) && shown.has(to) && !known.has(edgeKey({ caller: from, callee: to })))
    .map(({ from, to }) => ({
      from,
      to,
      calls: 0,
      errorRatio: 0,
      p95Ms: 0,
      source: 'declared' as const,
      lastSeenMs: 0,
    }));
  const edges = [...seen.map(edgeOf), ...declared];
  return { nodes, edges: edges.sort((a, b) => compareNames(a.from, b.from) || compareNames(a.to, b.to)) };
}

function compareNames(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function shownServices(inputs: Inputs, { paths, degraded, blind, cause }: GraphRoles): Set<string> {
  const core = [...paths.flat(), ...inputs.alerting, ...degraded, ...blind, ...(cause === null ? [] : [cause])];
  const shown = new Set(core.slice(0, maxNodes));
  for (const service of [...shown])
    for (const neighbour of [...(inputs.callees.get(service) ?? []), ...(inputs.callers.get(service) ?? [])])
      if (shown.size < maxNodes) shown.add(neighbour);
  return shown;
}

function roleOf({ alerting }: Inputs, { cause, paths, degraded, blind }: GraphRoles, service: string): NodeRole {
  if (service === cause) return 'cause';
  if (alerting.has(service)) return 'symptom';
  if (blind.has(service)) return 'blind';
  return degraded.has(service) || paths[0]?.includes(service) ? 'affected' : 'healthy';
}

/** As in the incident window, or in the baseline if there were no calls since. */
function edgeOf({
  caller,
  callee,
  source,
  lastSeenMs,
  before,
  during,
}: EdgeComparison): IncidentGraph['edges'][number] {
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
