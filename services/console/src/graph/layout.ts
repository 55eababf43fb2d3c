/**
 * Places services in layers, from callees (where causes are) to callers (where symptoms show). A fault spreads from callee to caller,
 * so the graph reads in one direction. Pure: the order of nodes and edges does not matter.
 */
import type { Graph, GraphEdge, GraphNode } from '../api/types.ts';

export interface Place {
  readonly node: GraphNode;
  /** 0 is the deepest callee. */
  readonly layer: number;
  /** Position within the layer, from 0. */
  readonly slot: number;
}

export interface Layout {
  readonly places: readonly Place[];
  readonly edges: readonly GraphEdge[];
  readonly layers: number;
  readonly widestLayer: number;
  /** Number of services that are not drawn. */
  readonly hidden: number;
}

const maxNodes = 24;
const sweeps = 6;

/** Lays out at most 24 services and drops healthy ones first. `withHealthy` false drops all healthy ones, for small screens. */
export function layoutGraph(graph: Graph, { withHealthy = true } = {}): Layout {
  const nodes = chooseNodes(graph.nodes.filter(({ role }) => withHealthy || role !== 'healthy'));
  const shown = new Set(nodes.map(({ id }) => id));
  const edges = mergeEdges(graph.edges).filter(({ from, to }) => from !== to && shown.has(from) && shown.has(to));
  const layers = assignLayers(nodes, breakCycles(nodes, edges));
  const places = orderLayers(nodes, edges, layers);
  const sizes = Map.groupBy(places, ({ layer }) => layer);
  return {
    places,
    edges,
    layers: sizes.size,
    widestLayer: Math.max(0, ...[...sizes.values()].map((layer) => layer.length)),
    hidden: graph.nodes.length - nodes.length,
  };
}

const importance = { cause: 0, symptom: 1, blind: 2, affected: 3, healthy: 4 } as const;

function chooseNodes(nodes: readonly GraphNode[]): readonly GraphNode[] {
  const byImportance = [...nodes].sort((a, b) => importance[a.role] - importance[b.role] || compare(a.id, b.id));
  return byImportance.slice(0, maxNodes).sort((a, b) => compare(a.id, b.id));
}

/** Several sources may report one edge. The report with the most calls wins. */
function mergeEdges(edges: readonly GraphEdge[]): readonly GraphEdge[] {
  const best = new Map<string, GraphEdge>();
  for (const edge of edges) {
    const key = JSON.stringify([edge.from, edge.to]);
    const other = best.get(key);
    if (other === undefined || edge.calls > other.calls) best.set(key, edge);
  }
  return [...best.keys()].sort().flatMap((key) => best.get(key) ?? []);
}

/** The callees of each caller, without the edges that would close a cycle. */
function breakCycles(nodes: readonly GraphNode[], edges: readonly GraphEdge[]): ReadonlyMap<string, readonly string[]> {
  const callees = Map.groupBy(edges, ({ from }) => from);
  const kept = new Map<string, string[]>();
  const state = new Map<string, 'open' | 'done'>();
  const visit = (id: string): void => {
    state.set(id, 'open');
    const own: string[] = [];
    for (const { to } of callees.get(id) ?? []) {
      if (state.get(to) === 'open') continue;
      own.push(to);
      if (!state.has(to)) visit(to);
    }
    kept.set(id, own);
    state.set(id, 'done');
  };
  for (const { id } of nodes) if (!state.has(id)) visit(id);
  return kept;
}

/** One layer above the highest callee. Then each node moves up to just below its lowest caller, which shortens edges. Causes stay deep. */
function assignLayers(
  nodes: readonly GraphNode[],
  callees: ReadonlyMap<string, readonly string[]>,
): Map<string, number> {
  const layers = new Map<string, number>();
  const depth = (id: string): number => {
    const known = layers.get(id);
    if (known !== undefined) return known;
    const layer = Math.max(-1, ...(callees.get(id) ?? []).map(depth)) + 1;
    layers.set(id, layer);
    return layer;
  };
  for (const { id } of nodes) depth(id);
  const topDown = [...nodes].sort((a, b) => depth(b.id) - depth(a.id) || compare(a.id, b.id));
  for (const { id, role } of topDown) {
    const callers = nodes.filter((caller) => callees.get(caller.id)?.includes(id));
    if (role !== 'cause' && callers.length > 0)
      layers.set(id, Math.min(...callers.map((caller) => depth(caller.id))) - 1);
  }
  return packLayers(layers);
}

/** No layer is left empty. */
function packLayers(layers: ReadonlyMap<string, number>): Map<string, number> {
  const used = [...new Set(layers.values())].sort((a, b) => a - b);
  return new Map([...layers].map(([id, layer]) => [id, used.indexOf(layer)]));
}

/** Moves each service near the middle of its neighbours, in several sweeps (Sugiyama's barycentre heuristic). */
function orderLayers(
  nodes: readonly GraphNode[],
  edges: readonly GraphEdge[],
  layers: ReadonlyMap<string, number>,
): readonly Place[] {
  const byLayer = Map.groupBy(nodes, ({ id }) => layers.get(id) ?? 0);
  const position = new Map<string, number>();
  const place = (order: readonly GraphNode[]) => {
    for (const [slot, { id }] of order.entries()) position.set(id, slot - (order.length - 1) / 2);
  };
  const middle = (id: string): number => {
    const near = edges.flatMap(({ from, to }) => (from === id ? [to] : to === id ? [from] : []));
    if (near.length === 0) return position.get(id) ?? 0;
    return near.reduce((sum, other) => sum + (position.get(other) ?? 0), 0) / near.length;
  };
  const levels = [...byLayer.keys()].sort((a, b) => a - b);
  for (const level of levels) place(byLayer.get(level) ?? []);
  for (let sweep = 0; sweep < sweeps; sweep += 1) {
    for (const level of sweep % 2 === 0 ? levels : levels.toReversed()) {
      const middles = new Map((byLayer.get(level) ?? []).map(({ id }) => [id, middle(id)]));
      const order = [...(byLayer.get(level) ?? [])].sort(
        (a, b) => (middles.get(a.id) ?? 0) - (middles.get(b.id) ?? 0) || compare(a.id, b.id),
      );
      byLayer.set(level, order);
      place(order);
    }
  }
  return levels.flatMap((layer) => (byLayer.get(layer) ?? []).map((node, slot) => ({ node, layer, slot })));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
