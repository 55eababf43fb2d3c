/**
 * Where the added time went. A request's duration is the sum of self times and of gaps between client and server, so what was added
 * to it divides into shares that add up to one: each service's own code, each wire, each silent peer.
 */
import { type Histogram, histogramCount } from '@faultline/model';
import type { Context } from './context.ts';
import { levelDispersion, type TimeSlices, tailDispersion } from './dispersion.ts';
import type { CallStats, EdgePair, InstanceShare, Pair, Side } from './fold/calls.ts';
import { lastingTime } from './fold/lasting.ts';
import { histogramMeanUs, rankShiftZ, tailLimits, tailShiftZ } from './statistics.ts';

export interface AddedTime {
  readonly service: string;
  /** Microseconds added over all calls since the onset; what the same calls would have taken before. */
  readonly addedUs: number;
  readonly expectedUs: number;
  readonly calls: number;
  /** The best evidence that this is no chance, and among how many such tests it was found. */
  readonly z: number;
  readonly tests: number;
  /** How much of it was still there at the alert, 0 to 1. */
  readonly lasting: number;
  /** The operation or edge that adds most. */
  readonly where: string;
  readonly beforeUs: number;
  readonly duringUs: number;
  readonly instance: string;
}

export interface TimeLedger {
  readonly self: ReadonlyMap<string, AddedTime>;
  readonly gap: ReadonlyMap<string, AddedTime>;
  readonly silent: ReadonlyMap<string, AddedTime>;
  /** Sum of everything added; at least 1, so that shares can be taken. */
  readonly totalUs: number;
}

/** Shifts below this z are chance. */
const minZ = 3;

interface Entry {
  /** Histograms by slice. */
  readonly slices: () => TimeSlices;
  readonly sides: readonly Side[];
  readonly atAlert: readonly boolean[];
  readonly service: string;
  readonly where: string;
  readonly pair: Pair;
  readonly pick: (stats: CallStats) => CallStats['inner'];
  readonly instances?: readonly InstanceShare[];
}

/** What the ledger is made of. */
type Calls = Pick<Context, 'operations' | 'edges' | 'traced' | 'sides' | 'atAlert' | 'callerFaults'>;

export function timeLedger(context: Calls): TimeLedger {
  const self = collect(selfEntries(context));
  const gap = collect(gapEntries(context), true);
  const silent = collect(silentEntries(context), true);
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
    sides,
    atAlert,
    slices: () => edge.rows.map(({ slice, gap }) => ({ slice, histogram: gap })),
  };
}

/** The callee, unless nearly all that its caller sends is late while the callee's other callers are well. */
function blamedEnd(edge: EdgePair, edges: readonly EdgePair[], shifts: ReadonlyMap<EdgePair, AddedTime>): string {
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

/** Sums by service. Entries are pooled before they are tested: three callers that each saw two slow calls are six slow calls. */
function collect(entries: readonly Entry[], pooled = false): Map<string, AddedTime> {
  const sums = new Map<string, AddedTime>();
  const tests = entries.length;
  for (const [service, own] of Map.groupBy(entries, (entry) => entry.service)) {
    const all = own.map(added).filter(({ calls }) => calls > 0);
    const kept = pooled ? all : all.filter(({ z, addedUs }) => z >= minZ || addedUs <= 0);
    const sum = kept.reduce<AddedTime | undefined>(
      (total, one) => (total === undefined ? one : join(total, one)),
      undefined,
    );
    if (sum === undefined) continue;
    const z = pooled ? Math.max(sum.z, stouffer(all.map((one) => one.z))) : sum.z;
    if (z >= minZ || sum.addedUs <= 0) sums.set(service, { ...sum, z, tests });
  }
  return sums;
}

/** One z from several independent ones (Stouffer, 1949). */
function stouffer(zs: readonly number[]): number {
  return zs.reduce((sum, z) => sum + z, 0) / Math.sqrt(Math.max(1, zs.length));
}

function join(a: AddedTime, b: AddedTime): AddedTime {
  const lead = b.addedUs > a.addedUs ? b : a;
  const total = { addedUs: a.addedUs + b.addedUs, expectedUs: a.expectedUs + b.expectedUs, calls: a.calls + b.calls };
  return { ...lead, ...total, z: Math.max(a.z, b.z) };
}

function added({ service, where, pair, pick, instances, slices, sides, atAlert }: Entry): AddedTime {
  const before = pick(pair.before);
  const during = pick(pair.during);
  const beforeUs = histogramMeanUs(before);
  const duringUs = histogramMeanUs(during);
  const calls = beforeUs > 0 ? histogramCount(during) : 0;
  const z = calls === 0 ? 0 : shiftZ(before, during, { slices, sides });
  return {
    service,
    where,
    beforeUs,
    duringUs,
    calls,
    addedUs: (duringUs - beforeUs) * calls,
    expectedUs: beforeUs * calls,
    tests: 1,
    lasting: z < minZ || duringUs <= beforeUs ? 1 : lastingTime({ rows: slices(), sides, atAlert }, beforeUs),
    z,
    instance: slowestInstance(instances ?? [], beforeUs),
  };
}

/** The clearer of a shift of all and of the tail, each less what such shifts differ from slice to slice anyway. */
function shiftZ(before: Histogram, during: Histogram, { slices, sides }: Pick<Entry, 'slices' | 'sides'>): number {
  const level = rankShiftZ(during, before);
  const best = Math.max(level, tailShiftZ(during, before));
  if (best < minZ) return best;
  const rows = slices();
  const tails = tailLimits(before).map((limit) => {
    const z = tailShiftZ(during, before, limit);
    return z < minZ ? z : z / Math.sqrt(tailDispersion(rows, sides, limit));
  });
  return Math.max(level / Math.sqrt(level < minZ ? 1 : levelDispersion(rows, sides)), ...tails);
}

/** The one instance that adds nearly all, or empty. An instance that is new is held against the others' past. */
function slowestInstance(instances: readonly InstanceShare[], beforeUs: number): string {
  const all = instances.map(({ instance, selfUs, calls }) => ({ instance, us: selfUs - beforeUs * calls }));
  const total = all.reduce((sum, { us }) => sum + Math.max(0, us), 0);
  return all.find(({ us }) => us > 0.7 * total)?.instance ?? '';
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
