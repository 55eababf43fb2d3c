/** One signal over slices, and where its mean steps up. Plain sums: the same rows give the same bytes. */

/** Per slice the sum of its observations and how many they are; all observations share one variance. */
export interface Signal {
  readonly service: string;
  /** The other service that it tells of as well: whom the calls that come or go are made to. */
  readonly target?: string;
  readonly sums: Float64Array;
  readonly counts: Float64Array;
  readonly variance: number;
  /** The least step of the mean that anybody would call harm. */
  readonly minStep: number;
  /** How far the mean of a single slice wanders on any day; left out: as far as the least step. */
  readonly drift?: number;
  /** Whether a fall is harm as well. */
  readonly twoSided: boolean;
}

/** Calls of one slice share a minute, a load and a neighbour: more of them than this are no further proof. */
const maxCount = 40;
const maxBaselineCount = 200;

/**
 * z of the step at each of `bounds` (the slice that would be the first of the harm), up to slice `end`; 0 where the step is too small,
 * or down, or one side holds nothing. What the slices of one side differ among themselves, beyond their own noise, counts as noise:
 * a step of the size that single slices wander is none; a spike that has passed, or a signal that jumps all the time, makes no step (quasi-likelihood; McCullagh and Nelder, 1989).
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
 * How much of the time before already had the mean of the time after: a state that was there before the last disturbance is what it returned to,
 * not what it changed into. By slices, of which a few calls say as much as many; 0 to 1, all of it where half of them had it.
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

/** About so many slices hold anything: the degrees of freedom. */
const slicesSeen = 20;

/** The log-likelihood that a step at `i` gains, for noise of unknown size (Student): it grows slowly once it is clear. */
export function gainAt(zs: Float64Array, i: number): number {
  const z = zs[i] ?? 0;
  return (slicesSeen / 2) * Math.log1p((z * z) / slicesSeen);
}

/** Calls whose share of the harm counts half of what they say: fewer leave it at the slice's bound. */
const halfInformation = 4;

/**
 * Which part of the harm slice `bound` shows, 1 where it lasts all of it, and which part the slice before it, 0 where it is well. Means over
 * the signals, by how much each can tell of one slice: the square of the step over its noise there.
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
