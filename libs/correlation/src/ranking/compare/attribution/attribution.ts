/**
 * Where the added time went. A request's duration is the sum of self times and of gaps between client and server, so what was added
 * to it divides into shares that add up to one: each service's own code, each wire, each silent peer.
 */

import type { CallStats, EdgePair } from '../calls.ts';
import type { Context } from '../comparison.ts';
import { added, type Entry, type TimeLedger } from './added-time.ts';
import { blamedEnd } from './blame.ts';
import { collect } from './collect.ts';

/** What the ledger is made of. */
type Calls = Pick<Context, 'operations' | 'edges' | 'traced' | 'sides' | 'atAlert' | 'callerFaults' | 'alerting'>;

export function timeLedger(context: Calls): TimeLedger {
  const self = collect(selfEntries(context), { asked: context.alerting });
  const gap = collect(gapEntries(context), { pooled: true });
  const silent = collect(silentEntries(context), { pooled: true });
  let totalUs = 1;
  for (const part of [self, gap, silent]) for (const { addedUs } of part.values()) totalUs += Math.max(0, addedUs);
  return { self, gap, silent, totalUs };
}

/** Time inside client spans belongs to the edge or to the peer, never to the caller. */
function selfEntries({ operations, sides, atAlert }: Calls): Entry[] {
  return operations
    .filter(({ kind }) => kind !== 'client' && kind !== 'producer')
    .map((op) => ({
      service: op.service,
      where: op.operation,
      pair: op,
      pick: inner,
      instances: op.instances,
      sides,
      atAlert,
      slices: () => op.rows.map(({ slice, self }) => ({ slice, histogram: self })),
    }));
}

function silentEntries({ edges, traced, sides, atAlert }: Calls): Entry[] {
  return edges
    .filter(({ callee }) => !traced.has(callee))
    .map((edge) => ({
      service: edge.callee,
      where: edgeName(edge),
      pair: edge,
      pick: duration,
      sides,
      atAlert,
      slices: () => edge.rows.map((row) => ({ slice: row.slice, histogram: row.duration })),
    }));
}

function gapEntries(context: Calls): Entry[] {
  const edges = context.edges.filter(({ callee, source }) => source === 'trace' && context.traced.has(callee));
  const shifts = new Map(edges.map((edge) => [edge, added(edgeEntry(edge, edge.callee, context))]));
  return edges.map((edge) =>
    edgeEntry(edge, context.callerFaults.has(edge) ? edge.caller : blamedEnd(edge, edges, shifts), context),
  );
}

function edgeEntry(edge: EdgePair, service: string, { sides, atAlert }: Pick<Calls, 'sides' | 'atAlert'>): Entry {
  return {
    service,
    where: edgeName(edge),
    pair: edge,
    pick: inner,
    // Only the callee's instances are told apart.
    instances: service === edge.callee ? edge.instances : [],
    sides,
    atAlert,
    slices: () => edge.rows.map(({ slice, gap }) => ({ slice, histogram: gap })),
  };
}

function inner(stats: CallStats): CallStats['inner'] {
  return stats.inner;
}

function duration(stats: CallStats): CallStats['inner'] {
  return stats.duration;
}

function edgeName({ caller, callee }: EdgePair): string {
  return `${caller} -> ${callee}`;
}
