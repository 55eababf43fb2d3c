/** Gradient descent within bounds, with an adaptive step. Deterministic. */

export interface Bounds {
  readonly min: number;
  readonly max: number;
  /** The value without data. The pull is towards it. */
  readonly start: number;
}

export interface Descent {
  /** The loss without the pull. */
  readonly loss: (values: readonly number[]) => number;
  /** Derivative of `loss` by each number. The caller may know a cheaper way than differences. */
  readonly gradient: (values: readonly number[]) => number[];
  readonly bounds: readonly Bounds[];
  /** Cost of being off by the whole range. */
  readonly pull: number;
  readonly from: readonly number[];
  readonly maxSteps: number;
}

/** Smaller gains end the descent. */
const leastGain = 1e-5;

export function descend({ loss, gradient, bounds, pull, from, maxSteps }: Descent): number[] {
  const range = bounds.map(({ min, max }) => max - min);
  const pulled = (values: readonly number[]): number =>
    loss(values) +
    pull * values.reduce((sum, value, i) => sum + ((value - at(bounds, i).start) / at(range, i)) ** 2, 0);
  let values = [...from];
  let best = pulled(values);
  let stride = 0.5;
  for (let step = 0; step < maxSteps && stride > 1e-4; step++) {
    // In units of the range, so that numbers of different size move alike.
    const slope = gradient(values).map(
      (raw, i) => raw * at(range, i) + (2 * pull * (at(values, i) - at(bounds, i).start)) / at(range, i),
    );
    const steepness = Math.hypot(...slope) || 1;
    const next = values.map((value, i) =>
      clamp(value - (stride * at(range, i) * at(slope, i)) / steepness, at(bounds, i)),
    );
    const reached = pulled(next);
    if (reached < best - leastGain) {
      values = next;
      best = reached;
      stride *= 1.3;
    } else stride /= 3;
  }
  return values;
}

function clamp(value: number, { min, max }: Bounds): number {
  return Math.min(max, Math.max(min, value));
}

function at<Item>(items: readonly Item[], index: number): Item {
  return items[index] as Item;
}
