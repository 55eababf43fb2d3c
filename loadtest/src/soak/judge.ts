/** Whether memory came to rest: the last third of a soak against the third before it. */
import type { MemorySample } from './sample.ts';

/** Largest growth that counts as flat. */
export const flatWithin = 0.05;

export interface Rest {
  /** Mean resident set of each third, MiB. */
  readonly thirds: readonly [number, number, number];
  /** Growth from the second third to the last: 0.05 is 5 %. */
  readonly growth: number;
  readonly isFlat: boolean;
}

/** Judges samples in the order of time. */
export function judgeRest(samples: readonly Pick<MemorySample, 'rss'>[]): Rest {
  const third = Math.ceil(samples.length / 3);
  const meanOf = (from: number) => mean(samples.slice(from, from + third).map(({ rss }) => rss));
  const thirds = [meanOf(0), meanOf(third), meanOf(2 * third)] as const;
  const growth = thirds[1] === 0 ? 0 : thirds[2] / thirds[1] - 1;
  return { thirds, growth: Math.round(growth * 1000) / 1000, isFlat: growth <= flatWithin };
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : Math.round(values.reduce((sum, value) => sum + value, 0) / values.length);
}
