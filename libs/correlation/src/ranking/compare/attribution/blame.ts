/** Which end of a slow wire is to blame. */
import type { EdgePair } from '../calls.ts';
import { type AddedTime, minZ } from './added-time.ts';

/** The callee, unless nearly all that its caller sends is late while the callee's other callers are well. */
export function blamedEnd(
  edge: EdgePair,
  edges: readonly EdgePair[],
  shifts: ReadonlyMap<EdgePair, AddedTime>,
): string {
  const perCallUs = addedPerCallUs(shifts.get(edge));
  const moved = (other: EdgePair): boolean => addedPerCallUs(shifts.get(other)) > alikeShare * Math.max(0, perCallUs);
  const share = (touching: readonly EdgePair[]): number => {
    const calls = touching.reduce((sum, { during }) => sum + during.calls, 0);
    return calls === 0 ? 0.5 : touching.reduce((sum, e) => sum + (moved(e) ? e.during.calls : 0), 0) / calls;
  };
  const touches = (name: string) => edges.filter((e) => e !== edge && (e.caller === name || e.callee === name));
  const sends = edges.filter(({ caller }) => caller === edge.caller).length;
  return sends > 1 && share(touches(edge.caller)) > share(touches(edge.callee)) + 0.3 ? edge.caller : edge.callee;
}

/** One cause delays alike: an edge counts as moved with another when it gained at least a third as much a call. */
const alikeShare = 1 / 3;

function addedPerCallUs(added: AddedTime | undefined): number {
  if (added === undefined || added.z < minZ || added.calls === 0) return 0;
  return added.addedUs / added.calls;
}
