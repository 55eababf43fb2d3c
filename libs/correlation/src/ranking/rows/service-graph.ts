/** Who calls whom, from what was seen and what was declared. */
import type { RankedAlert, RankingInput } from '../input/ranking.ts';
import type { CallEdge } from './call-edge.ts';
import type { Groups } from './group.ts';

export interface ServiceGraph {
  /** Every service that anything mentions, sorted. */
  readonly services: readonly string[];
  /** Sorted by name. */
  readonly callees: ReadonlyMap<string, readonly string[]>;
  readonly callers: ReadonlyMap<string, readonly string[]>;
  /** Services that alerts are about. */
  readonly alerting: ReadonlySet<string>;
  /** The alerting services and all that they call, directly or not. Every service where the graph does not know them. */
  readonly related: ReadonlySet<string>;
}

export function serviceGraph(input: RankingInput, { edges }: Pick<Groups, 'edges'>): ServiceGraph {
  const declared = input.declaredEdges.map(({ from, to }) => ({ caller: from, callee: to }));
  const links: readonly CallEdge[] = [...edges, ...declared];
  const callees = neighbours(links.map(({ caller, callee }) => [caller, callee]));
  const services = allServices(input, links);
  const alerting = new Set(input.alerts.map(alertedService).filter((name) => name !== ''));
  return {
    services,
    callees,
    callers: neighbours(links.map(({ caller, callee }) => [callee, caller])),
    alerting,
    related: relatedTo(alerting, callees, services),
  };
}

/** The service that an alert is about, or empty. */
function alertedService({ entities }: Pick<RankedAlert, 'entities'>): string {
  return entities.service ?? entities.workload ?? entities.database ?? '';
}

function allServices(input: RankingInput, links: readonly CallEdge[]): string[] {
  const { answer } = input;
  const names = new Set<string>(links.flatMap(({ caller, callee }) => [caller, callee]));
  for (const row of answer?.operations ?? []) names.add(row.service);
  for (const row of answer?.series ?? []) names.add(row.service);
  for (const row of answer?.presence ?? []) names.add(row.service);
  for (const { entities } of input.alerts) {
    names.add(alertedService({ entities }));
    names.add(entities.database ?? '');
  }
  for (const { entities } of input.findings ?? []) names.add(entities.service ?? entities.workload ?? '');
  for (const { entities } of input.changes) names.add(entities.service ?? entities.workload ?? '');
  names.delete('');
  return [...names].sort();
}

/** For each service what it links to, sorted. */
function neighbours(links: readonly (readonly [string, string])[]): Map<string, readonly string[]> {
  const found = new Map<string, Set<string>>();
  for (const [from, to] of links) if (from !== to) found.set(from, (found.get(from) ?? new Set()).add(to));
  return new Map([...found].map(([from, to]) => [from, [...to].sort()]));
}

function relatedTo(
  alerting: ReadonlySet<string>,
  callees: ReadonlyMap<string, readonly string[]>,
  services: readonly string[],
): ReadonlySet<string> {
  const known = [...alerting].filter((name) => callees.has(name));
  if (known.length === 0) return new Set(services);
  const seen = new Set(alerting);
  const queue = [...known];
  for (let name = queue.shift(); name !== undefined; name = queue.shift())
    for (const callee of callees.get(name) ?? [])
      if (!seen.has(callee)) {
        seen.add(callee);
        queue.push(callee);
      }
  return seen;
}

/** A service and all that it calls, directly or through others. */
export function reachableFrom(callees: ReadonlyMap<string, readonly string[]>, service: string): ReadonlySet<string> {
  const seen = new Set([service]);
  for (const name of seen) for (const callee of callees.get(name) ?? []) seen.add(callee);
  return seen;
}
