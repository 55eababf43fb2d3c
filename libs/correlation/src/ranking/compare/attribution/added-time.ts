/** The time that one operation or edge added, held against chance. */
import { type Histogram, histogramCount } from '@faultline/model';
import { levelDispersion, type TimeSlices, tailDispersion } from '../../statistics/dispersion.ts';
import { histogramMeanUs, logShiftZ, rankShiftZ, tailLimits, tailShiftZ } from '../../statistics/statistics.ts';
import type { CallStats, InstanceShare, Pair, Side } from '../calls.ts';
import { lastingTime } from '../lasting.ts';

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

/** Where all added time went. */
export interface TimeLedger {
  readonly self: ReadonlyMap<string, AddedTime>;
  readonly gap: ReadonlyMap<string, AddedTime>;
  readonly silent: ReadonlyMap<string, AddedTime>;
  /** Sum of everything added; at least 1, so that shares can be taken. */
  readonly totalUs: number;
}

/** Shifts below this z are chance. */
export const minZ = 3;

export interface Entry {
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

/** What one operation or edge added, and how sure that is. */
export function added({ service, where, pair, pick, instances, slices, sides, atAlert }: Entry): AddedTime {
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
  const level = Math.max(rankShiftZ(during, before), logShiftZ(during, before));
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
  const all = instances.map(({ instance, innerUs, calls }) => ({ instance, us: innerUs - beforeUs * calls }));
  const total = all.reduce((sum, { us }) => sum + Math.max(0, us), 0);
  return all.find(({ us }) => us > 0.7 * total)?.instance ?? '';
}
