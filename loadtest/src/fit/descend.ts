/** Downhill within bounds: gradients by differences, a step as long as still helps. Small, and the same result every time. */

export interface Bounds {
  readonly min: number;
  readonly max: number;
  /** Where the number would be without data, and so where it is pulled to. */
  readonly start: number;
}

export interface Descent {
  /** The loss without the pull. */
  readonly loss: (values: readonly number[]) => number;
  /** Its derivative by each number, where the caller knows a cheaper way than differences of `loss`. */
  readonly gradient: (values: readonly number[]) => number[];
  readonly bounds: readonly Bounds[];
  /** What being off by the whole range costs. */
  readonly pull: number;
  readonly from: readonly number[];
  readonly maxSteps: number;
}

/** Smaller gains than this are not worth a step. */
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
    // In units of the range: numbers of different size move alike.
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
