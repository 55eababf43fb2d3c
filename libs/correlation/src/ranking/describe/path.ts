/** The path from the cause to the symptom over the call graph. */
import type { Comparison } from '../compare/comparison.ts';

/**
 * Services from the cause to the nearest alerting service that no alerting service calls, since that is where people feel it. Up over
 * callers, else down over callees, else the cause alone.
 */
export function pathToSymptom(
  { callers, callees, alerting }: Pick<Comparison, 'callers' | 'callees' | 'alerting'>,
  cause: string,
): string[] {
  const tops = [...alerting].filter((name) => !(callers.get(name) ?? []).some((caller) => alerting.has(caller)));
  const goals = new Set(tops.length > 0 ? tops : alerting);
  if (goals.has(cause)) return [cause];
  return (
    shortest(cause, callers, goals) ?? shortest(cause, callers, alerting) ?? shortest(cause, callees, goals) ?? [cause]
  );
}

/** The shortest path, ties by name: breadth first over sorted neighbours. Null if there is none. */
function shortest(
  from: string,
  next: ReadonlyMap<string, readonly string[]>,
  goals: ReadonlySet<string>,
): string[] | null {
  const cameFrom = new Map<string, string>([[from, '']]);
  const queue = [from];
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    if (goals.has(at)) return trace(cameFrom, at);
    for (const neighbour of next.get(at) ?? [])
      if (!cameFrom.has(neighbour)) {
        cameFrom.set(neighbour, at);
        queue.push(neighbour);
      }
  }
  return null;
}

function trace(cameFrom: ReadonlyMap<string, string>, goal: string): string[] {
  const path = [];
  for (let at = goal; at !== ''; at = cameFrom.get(at) ?? '') path.unshift(at);
  return path;
}
