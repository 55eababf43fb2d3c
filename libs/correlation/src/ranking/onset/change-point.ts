/** One signal over slices, and where its mean steps up. Plain sums, so the same rows give the same bytes. */

/** The sum and the number of observations of each slice. All observations share one variance. */
export interface Signal {
  readonly service: string;
  /** The other service that it is about as well: the callee of calls that come or go. */
  readonly target?: string;
  readonly sums: Float64Array;
  readonly counts: Float64Array;
  readonly variance: number;
  /** The smallest step of the mean that anybody would call harm. */
  readonly minStep: number;
  /** How far the mean of a single slice varies on any day; left out: as far as the smallest step. */
  readonly drift?: number;
  /** Whether a fall is harm as well. */
  readonly twoSided: boolean;
}

/** Calls of one slice share a minute, a load and their neighbours. More of them than this prove nothing more. */
const maxCount = 40;
const maxBaselineCount = 200;

/**
 * The z of the step at each of `bounds` (the slice that would be the first of the incident), up to slice `end`. 0 where the step is too
 * small, or down, or one part holds nothing. Variation among the slices of one part, beyond their own noise, counts as noise (quasi-
 * likelihood; McCullagh and Nelder, 1989). So a step no larger than the variation from slice to slice is ignored, and a spike that has
 * passed makes no step.
 */
export function stepZs(signal: Signal, bounds: readonly number[], end: number): Float64Array {
  const prefixes = prefixesOf(signal, end);
  return Float64Array.from(bounds, (bound) => {
    const after = momentsOf(prefixes, bound, end);
    const z = stepZ(signal, momentsOf(prefixes, 0, bound), after);
    return z === 0 ? 0 : z * (1 - shareSeen(signal, { bound, mean: after.mean }));
  });
}

/**
 * How much of the time before already had the mean of the time after, 0 to 1. If a signal returns to a state that it had before, it did
 * not change into it. Slices count alike, however many calls they hold; from half of them on the result is 1.
 */
function shareSeen({ sums, counts, minStep }: Signal, { bound, mean }: { bound: number; mean: number }): number {
  let [seen, all] = [0, 0];
  for (let i = 0; i < bound; i++) {
    const n = counts[i] ?? 0;
    const weight = Math.min(n, fewCalls);
    all += weight;
    if (n > 0 && Math.abs((sums[i] ?? 0) / n - mean) < minStep) seen += weight;
  }
  return all === 0 ? 0 : Math.min(1, (2 * seen) / all);
}

const fewCalls = 5;

interface Prefixes {
  readonly weight: Float64Array;
  readonly sum: Float64Array;
  readonly squares: Float64Array;
  readonly slices: Float64Array;
}

function prefixesOf({ counts, sums }: Signal, end: number): Prefixes {
  const make = (): Float64Array => new Float64Array(end + 1);
  const prefix = { weight: make(), sum: make(), squares: make(), slices: make() };
  const add = (into: Float64Array, i: number, value: number): void => {
    into[i + 1] = (into[i] ?? 0) + value;
  };
  for (let i = 0; i < end; i++) {
    const n = counts[i] ?? 0;
    const mean = n === 0 ? 0 : (sums[i] ?? 0) / n;
    const weight = Math.min(n, i === 0 ? maxBaselineCount : maxCount);
    add(prefix.weight, i, weight);
    add(prefix.sum, i, weight * mean);
    add(prefix.squares, i, weight * mean * mean);
    add(prefix.slices, i, n === 0 ? 0 : 1);
  }
  return prefix;
}

interface Moments {
  readonly weight: number;
  readonly mean: number;
  /** Weighted squares around the mean. */
  readonly spread: number;
  readonly slices: number;
}

function momentsOf({ weight: w, sum, squares, slices }: Prefixes, from: number, to: number): Moments {
  const between = (values: Float64Array): number => (values[to] ?? 0) - (values[from] ?? 0);
  const weight = between(w);
  const mean = weight === 0 ? 0 : between(sum) / weight;
  return { weight, mean, spread: Math.max(0, between(squares) - weight * mean * mean), slices: between(slices) };
}

function stepZ({ variance, minStep, twoSided, drift = minStep }: Signal, before: Moments, after: Moments): number {
  if (before.weight === 0 || after.weight === 0) return 0;
  const step = after.mean - before.mean;
  const size = twoSided ? Math.abs(step) : step;
  if (size < minStep) return 0;
  const free = Math.max(1, before.slices + after.slices - 2);
  const noise = Math.max(variance, (before.spread + after.spread) / free);
  const wander = drift * drift * (1 / before.slices + 1 / after.slices);
  return size / Math.sqrt(noise * (1 / before.weight + 1 / after.weight) + wander);
}

/** About this many slices hold anything: the degrees of freedom. */
const slicesSeen = 20;

/** The log-likelihood that a step at `i` gains, under noise of unknown size (Student). It grows slowly once the step is clear. */
export function gainAt(zs: Float64Array, i: number): number {
  const z = zs[i] ?? 0;
  return (slicesSeen / 2) * Math.log1p((z * z) / slicesSeen);
}

/** With this much information, a part counts half. With less, the onset stays at the bound of the slice. */
const halfInformation = 4;

/**
 * Which part of the harm slice `bound` shows (1: all of it), and which part the slice before it (0: none). Means over the signals,
 * weighted by how much each tells of one slice: the square of its step over its noise there.
 */
export function partsSince(
  signals: readonly Signal[],
  bound: number,
): { readonly first: number; readonly before: number } {
  return {
    first: partIn(signals, bound, { at: bound, usual: 1 }),
    before: partIn(signals, bound, { at: bound - 1, usual: 0 }),
  };
}

function partIn(signals: readonly Signal[], bound: number, { at, usual }: { at: number; usual: number }): number {
  let [sum, weight] = [halfInformation * usual, halfInformation];
  for (const { sums, counts, variance } of signals) {
    const meanOf = (from: number, to: number): number => {
      const total = (values: Float64Array): number => values.slice(from, to).reduce((all, value) => all + value, 0);
      return total(sums) / total(counts);
    };
    const was = meanOf(0, bound - 1);
    const step = meanOf(bound + 1, counts.length) - was;
    const n = Math.min(maxCount, counts[at] ?? 0);
    const information = (n * step * step) / variance;
    if (n === 0 || !Number.isFinite(step) || information === 0) continue;
    const part = Math.min(1, Math.max(0, ((sums[at] ?? 0) / (counts[at] ?? 1) - was) / step));
    sum += information * part;
    weight += information;
  }
  return sum / weight;
}
