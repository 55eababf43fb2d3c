/** Who calls whom, from what was seen and what was declared. */
import type { RankedAlert, RankingInput } from '../input/ranking.ts';

/** The service that an alert speaks of, or empty. */
export function alertedService({ entities }: Pick<RankedAlert, 'entities'>): string {
  return entities.service ?? entities.workload ?? entities.database ?? '';
}

/** Caller and callee of every declared edge. */
export function declaredLinks(input: RankingInput): (readonly [string, string])[] {
  return input.declaredEdges.map(({ from, to }) => [from, to] as const);
}

/** Every service that anything speaks of, sorted. */
export function allServices(input: RankingInput, links: readonly (readonly [string, string])[]): string[] {
  const { answer } = input;
  const names = new Set<string>(links.flat());
  for (const row of answer?.operations ?? []) names.add(row.service);
  for (const row of answer?.series ?? []) names.add(row.service);
  for (const row of answer?.presence ?? []) names.add(row.service);
  for (const { entities } of input.alerts) {
    names.add(alertedService({ entities }));
    names.add(entities.database ?? '');
  }
  for (const { entities } of input.changes) names.add(entities.service ?? entities.workload ?? '');
  names.delete('');
  return [...names].sort();
}

/** For each service what it links to, sorted. */
export function neighbours(links: readonly (readonly [string, string])[]): Map<string, readonly string[]> {
  const found = new Map<string, Set<string>>();
  for (const [from, to] of links) if (from !== to) found.set(from, (found.get(from) ?? new Set()).add(to));
  return new Map([...found].map(([from, to]) => [from, [...to].sort()]));
}

/** What the alerting services call, directly or not, and they themselves; everything when the graph does not know them. */
export function relatedTo(
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
