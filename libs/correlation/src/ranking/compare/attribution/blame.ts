/** Which end of a slow call edge is to blame. */
import type { EdgeComparison } from '../calls.ts';
import { type AddedTime, minZ } from './added-time.ts';

/** The callee, unless nearly all calls of the caller are late while the callee's other callers are not affected. */
export function blamedEnd(
  edge: EdgeComparison,
  edges: readonly EdgeComparison[],
  added: ReadonlyMap<EdgeComparison, AddedTime>,
): string {
  const perCallUs = addedPerCallUs(added.get(edge));
  const moved = (other: EdgeComparison): boolean =>
    addedPerCallUs(added.get(other)) > similarShare * Math.max(0, perCallUs);
  const share = (touching: readonly EdgeComparison[]): number => {
    const calls = touching.reduce((sum, { during }) => sum + during.calls, 0);
    return calls === 0 ? 0.5 : touching.reduce((sum, e) => sum + (moved(e) ? e.during.calls : 0), 0) / calls;
  };
  const touches = (name: string) => edges.filter((e) => e !== edge && (e.caller === name || e.callee === name));
  const sends = edges.filter(({ caller }) => caller === edge.caller).length;
  return sends > 1 && share(touches(edge.caller)) > share(touches(edge.callee)) + 0.3 ? edge.caller : edge.callee;
}

/** One cause delays its calls about equally. An edge moved with another when it gained at least a third as much per call. */
const similarShare = 1 / 3;

function addedPerCallUs(added: AddedTime | undefined): number {
  if (added === undefined || added.z < minZ || added.calls === 0) return 0;
  return added.addedUs / added.calls;
}
