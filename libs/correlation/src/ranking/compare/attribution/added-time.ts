/** The time that one operation or one call edge added, tested against chance. */
import { type Histogram, histogramCount } from '@faultline/model';
import type { Window } from '../../input/window.ts';
import type { CallEdge } from '../../rows/call-edge.ts';
import { levelDispersion, type TimeSlices, tailDispersion } from '../../statistics/dispersion.ts';
import { histogramMeanUs, logShiftZ, rankShiftZ, tailLimits, tailShiftZ } from '../../statistics/durations.ts';
import type { CallComparison, CallStats, InstanceShare } from '../calls.ts';
import { lastingTime } from '../lasting.ts';

export interface AddedTime {
  readonly service: string;
  /** Microseconds added over all calls in the incident window. */
  readonly addedUs: number;
  /** What the same calls would have taken before, in microseconds. */
  readonly expectedUs: number;
  readonly calls: number;
  /** The best z statistic against chance. */
  readonly z: number;
  /** Among how many such tests it was found. */
  readonly tests: number;
  /** How much of it was still there when the alert fired, 0 to 1. */
  readonly lasting: number;
  /** The operation that adds most; empty for edges. */
  readonly operation: string;
  /** The edge that adds most; null for operations. */
  readonly edge: CallEdge | null;
  /** Means per call, in microseconds. */
  readonly beforeUs: number;
  readonly duringUs: number;
  /** The one instance that adds nearly all, or empty. */
  readonly instance: string;
}

/** Smaller shifts are chance. */
export const minZ = 3;

/** The durations of one operation or edge that are to be attributed to a service. */
export interface TimedCalls extends Pick<AddedTime, 'service' | 'operation' | 'edge'> {
  /** Histograms by slice; only asked for when the shift is large enough. */
  readonly slices: () => TimeSlices;
  readonly windows: readonly Window[];
  readonly atAlert: readonly boolean[];
  readonly compared: CallComparison;
  readonly pick: (stats: CallStats) => Histogram;
  readonly instances: readonly InstanceShare[];
}

/** What one operation or edge added, and how sure that is. */
export function addedTime(timed: TimedCalls): AddedTime {
  const { service, operation, edge, compared, pick, instances, slices, windows, atAlert } = timed;
  const before = pick(compared.before);
  const during = pick(compared.during);
  const beforeUs = histogramMeanUs(before);
  const duringUs = histogramMeanUs(during);
  const calls = beforeUs > 0 ? histogramCount(during) : 0;
  const z = calls === 0 ? 0 : shiftZ(before, during, timed);
  return {
    service,
    operation,
    edge,
    beforeUs,
    duringUs,
    calls,
    addedUs: (duringUs - beforeUs) * calls,
    expectedUs: beforeUs * calls,
    tests: 1,
    lasting: z < minZ || duringUs <= beforeUs ? 1 : lastingTime({ rows: slices(), windows, atAlert }, beforeUs),
    z,
    instance: slowestInstance(instances, beforeUs),
  };
}

/** The clearer of a shift of all calls and one of the tail. Each is reduced by how much such shifts vary from slice to slice anyway. */
function shiftZ(
  before: Histogram,
  during: Histogram,
  { slices, windows }: Pick<TimedCalls, 'slices' | 'windows'>,
): number {
  const level = Math.max(rankShiftZ(during, before), logShiftZ(during, before));
  const best = Math.max(level, tailShiftZ(during, before));
  if (best < minZ) return best;
  const rows = slices();
  const tails = tailLimits(before).map((limit) => {
    const z = tailShiftZ(during, before, limit);
    return z < minZ ? z : z / Math.sqrt(tailDispersion(rows, windows, limit));
  });
  return Math.max(level / Math.sqrt(level < minZ ? 1 : levelDispersion(rows, windows)), ...tails);
}

/** The one instance that adds nearly all, or empty. A new instance is compared with the others' past. */
function slowestInstance(instances: readonly InstanceShare[], beforeUs: number): string {
  const all = instances.map(({ instance, innerUs, calls }) => ({ instance, us: innerUs - beforeUs * calls }));
  const total = all.reduce((sum, { us }) => sum + Math.max(0, us), 0);
  return all.find(({ us }) => us > 0.7 * total)?.instance ?? '';
}
