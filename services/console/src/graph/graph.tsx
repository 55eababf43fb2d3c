import type { Graph, GraphEdge, Role } from '../api/types.ts';
import { milliseconds, percent } from '../part/format.ts';
import { roleWords, words } from '../words.ts';
import { type Box, type Direction, edgeCurve, type Geometry, placeBoxes } from './geometry.ts';
import { layoutGraph } from './layout.ts';

export interface GraphViewProps {
  readonly graph: Graph;
  /** Services from cause to symptom. Their edges are drawn strongest. */
  readonly path: readonly string[];
  readonly direction: Direction;
  /** Edges last seen long before this time are stale. */
  readonly updatedAt: string;
}

/** Smallest scale at which names stay readable. Wider graphs scroll. */
const leastScale = 0.72;
const staleMs = 5 * 60_000;

/** The dependency graph of an incident, in the direction in which a fault spreads. Roles differ by colour, mark and word. */
export function GraphView({ graph, path, direction, updatedAt }: GraphViewProps) {
  const layout = layoutGraph(graph, { withHealthy: direction === 'right' });
  if (layout.places.length === 0) return <p class="quiet">{words.noServices}</p>;
  const geometry = placeBoxes(layout, direction);
  const services = new Map(graph.nodes.map(({ id, service }) => [id, service]));
  const serviceOf = (id: string) => services.get(id) ?? id;
  const dated = layout.edges.map((edge) => ({
    edge,
    doubt: doubtOf(edge, updatedAt),
    strong: isOnPath(edge, path, serviceOf),
  }));
  // The last one drawn lies on top.
  dated.sort((a, b) => Number(a.strong) - Number(b.strong));
  return (
    <figure class="graph">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: people without a mouse scroll it with the arrow keys */}
      <section class="graph-scroll" tabIndex={0} aria-label={words.spread}>
        <svg
          viewBox={`0 0 ${geometry.width} ${geometry.height}`}
          width={geometry.width}
          height={geometry.height}
          style={{ minWidth: `${Math.round(geometry.width * leastScale)}px` }}
          role="img"
          aria-label={describeGraph(graph)}
        >
          <defs>
            <Arrow id="arrow" size={7} />
            <Arrow id="arrow-strong" size={4.5} />
          </defs>
          {dated.map((item) => (
            <Edge key={`${item.edge.from}>${item.edge.to}`} {...item} geometry={geometry} />
          ))}
          {[...geometry.boxes.values()].map((box) => (
            <Node key={box.place.node.id} box={box} geometry={geometry} />
          ))}
        </svg>
      </section>
      <figcaption class="graph-key">
        <span>{words.arrows}</span>
        {dated.some(({ doubt }) => doubt !== null) && <span>{words.dashed}</span>}
        {layout.hidden > 0 && <span>{words.hidden(layout.hidden)}</span>}
      </figcaption>
    </figure>
  );
}

function Arrow({ id, size }: { readonly id: string; readonly size: number }) {
  return (
    <marker
      id={id}
      viewBox="0 0 8 8"
      refX="2"
      refY="4"
      markerWidth={size}
      markerHeight={size}
      orient="auto-start-reverse"
    >
      <path d="M0 0.6 L7 4 L0 7.4 z" class={id} />
    </marker>
  );
}

interface EdgeProps {
  readonly edge: GraphEdge;
  readonly doubt: string | null;
  readonly strong: boolean;
  readonly geometry: Geometry;
}

function Edge({ edge, doubt, strong, geometry }: EdgeProps) {
  const callee = geometry.boxes.get(edge.to);
  const caller = geometry.boxes.get(edge.from);
  if (callee === undefined || caller === undefined) return null;
  const { path, labelX, labelY } = edgeCurve(geometry, callee, caller);
  const label = [edge.errorRatio >= 0.01 ? words.errors(percent(edge.errorRatio)) : '', milliseconds(edge.p95Ms)];
  const lines = edge.calls > 0 ? label.filter((line) => line !== '') : [];
  return (
    <g class={`edge${strong ? ' edge-strong' : ''}${doubt === null ? '' : ' edge-doubt'}`}>
      <title>{`${callee.place.node.service} is called by ${caller.place.node.service}: ${edge.calls} calls, ${percent(edge.errorRatio)} errors, p95 ${milliseconds(edge.p95Ms)}${doubt === null ? '' : ` (${doubt})`}`}</title>
      <path d={path} marker-end={`url(#arrow${strong ? '-strong' : ''})`} />
      {strong && lines.length > 0 && (
        <g transform={`translate(${labelX} ${labelY})`}>
          <rect x={-31} y={-7.5 * lines.length - 2} width={62} height={15 * lines.length + 4} rx={4} />
          {lines.map((line, index) => (
            <text key={line} y={4 + (index - (lines.length - 1) / 2) * 14} text-anchor="middle">
              {line}
            </text>
          ))}
        </g>
      )}
    </g>
  );
}

function Node({ box, geometry }: { readonly box: Box; readonly geometry: Geometry }) {
  const { role, service } = box.place.node;
  const { boxWidth, boxHeight } = geometry;
  return (
    <g class={`node node-${role}`} transform={`translate(${box.x} ${box.y})`}>
      <title>{`${service}: ${roleWords[role]}`}</title>
      <rect width={boxWidth} height={boxHeight} rx={role === 'cause' ? 3 : 9} />
      <g transform="translate(9 15)" class="mark">
        <RoleMark role={role} />
      </g>
      <text x={33} y={22} class="node-name">
        {shorten(service, boxWidth)}
      </text>
      <text x={33} y={39} class="node-role">
        {roleWords[role]}
      </text>
    </g>
  );
}

/** A shape of 16 by 16 for each role: colour is never the only sign. */
export function RoleMark({ role }: { readonly role: Role }) {
  switch (role) {
    case 'cause':
      return <path d="M8 0.5 L15.5 8 L8 15.5 L0.5 8 z" class="mark-fill" />;
    case 'symptom':
      return <path d="M8 1 L15.6 15 L0.4 15 z" class="mark-fill" />;
    case 'affected':
      return <circle cx="8" cy="8" r="6" class="mark-line" />;
    case 'blind':
      return <path d="M2 2 L14 14 M14 2 L2 14" class="mark-line" />;
    default:
      return <path d="M2 8.5 L6.5 13 L14 4" class="mark-line" />;
  }
}

function shorten(text: string, boxWidth: number): string {
  const room = Math.floor((boxWidth - 38) / 8);
  return text.length <= room ? text : `${text.slice(0, room - 1)}…`;
}

function doubtOf(edge: GraphEdge, updatedAt: string): string | null {
  if (edge.source === 'declared') return words.declared;
  if (edge.source === 'client-span') return words.inferred;
  return Date.parse(updatedAt) - Date.parse(edge.lastSeen) > staleMs ? words.stale : null;
}

/** A path names services, an edge names nodes. */
function isOnPath({ from, to }: GraphEdge, path: readonly string[], serviceOf: (id: string) => string): boolean {
  return path.some((service, index) => service === serviceOf(to) && path[index + 1] === serviceOf(from));
}

function describeGraph(graph: Graph): string {
  const roles = Map.groupBy(graph.nodes, ({ role }) => role);
  const parts = [...roles].map(
    ([role, nodes]) => `${roleWords[role]}: ${nodes.map(({ service }) => service).join(', ')}`,
  );
  return `Dependency graph. ${parts.join('. ')}.`;
}
