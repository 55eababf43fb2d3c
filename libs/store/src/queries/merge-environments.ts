/**
 * Several environments in one result. Services of the same name are told apart as `environment/name`. A node, and a callee that sends no
 * telemetry, keep their names: they are what the environments have in common. Pure.
 */
import type { EvidenceResult } from '@faultline/model';
import type { EvidenceRows } from './evidence.ts';

export interface EnvironmentRows {
  readonly environment: string;
  readonly rows: EvidenceRows;
}

/** Services that send telemetry in more than one of the environments, sorted. */
export function sharedServices(parts: readonly EnvironmentRows[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { rows } of parts)
    for (const service of new Set([...rows.presence, ...rows.operations].map((row) => row.service)))
      if (service !== '') counts.set(service, (counts.get(service) ?? 0) + 1);
  return [...counts].flatMap(([service, count]) => (count > 1 ? [service] : [])).sort();
}

/** The rows of all, and the names that were qualified. */
export function mergeEnvironments(parts: readonly EnvironmentRows[]): {
  readonly rows: EvidenceRows;
  readonly qualified: readonly string[];
} {
  const qualified = sharedServices(parts);
  const shared = new Set(qualified);
  const renamed = parts.map(({ environment, rows }) =>
    rename(rows, (name) => (shared.has(name) ? `${environment}/${name}` : name)),
  );
  const [first] = renamed;
  if (first === undefined) throw new Error('at least one environment is read');
  return { rows: renamed.slice(1).reduce(concat, first), qualified };
}

function rename(rows: EvidenceRows, nameOf: (service: string) => string): EvidenceRows {
  const ofService = <Row extends { readonly service: string }>(row: Row): Row => ({
    ...row,
    service: nameOf(row.service),
  });
  const { topology } = rows;
  return {
    ...rows,
    operations: rows.operations.map(ofService),
    templates: rows.templates.map(ofService),
    series: rows.series.map(ofService),
    presence: rows.presence.map(ofService),
    edges: rows.edges.map((edge) => ({ ...edge, caller: nameOf(edge.caller), callee: nameOf(edge.callee) })),
    children: rows.children.map((row) => ({ ...ofService(row), childService: nameOf(row.childService) })),
    ...(topology === undefined ? {} : { topology: topology.map(([from, to]) => [nameOf(from), nameOf(to)] as const) }),
  };
}

function concat(a: EvidenceRows, b: EvidenceRows): EvidenceRows {
  const topology = [...(a.topology ?? pairsOf(a)), ...(b.topology ?? pairsOf(b))];
  return {
    ...a,
    watermarks: {
      spans: Math.max(a.watermarks.spans, b.watermarks.spans),
      logs: Math.max(a.watermarks.logs, b.watermarks.logs),
      metrics: Math.max(a.watermarks.metrics, b.watermarks.metrics),
    },
    missing: distinct([...a.missing, ...b.missing], ({ part, code, detail }) => `${part}/${code}/${detail}`),
    operations: [...a.operations, ...b.operations],
    edges: [...a.edges, ...b.edges],
    templates: [...a.templates, ...b.templates],
    children: [...a.children, ...b.children],
    series: [...a.series, ...b.series],
    presence: [...a.presence, ...b.presence],
    past: distinct([...a.past, ...b.past], ({ incidentId }) => incidentId),
    ...(a.topology === undefined && b.topology === undefined ? {} : { topology }),
  };
}

function pairsOf({ edges }: EvidenceRows): NonNullable<EvidenceResult['topology']> {
  return edges.map(({ caller, callee }) => [caller, callee] as const);
}

function distinct<Item>(items: readonly Item[], keyOf: (item: Item) => string): Item[] {
  return [...new Map(items.map((item) => [keyOf(item), item])).values()];
}
