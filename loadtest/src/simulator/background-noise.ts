/** Variation that every real system has: load over the day, lost telemetry, and gaps in the history. */

import type { Signal } from '../case/evaluation-case.ts';
import type { Random } from '../random/random.ts';

export interface BackgroundNoise {
  /** Load as a share of the design load. The simulator multiplies it by requests per millisecond. */
  loadAt(atMs: number): number;
  /** Whether an item reaches Faultline. */
  arrives(signal: Signal, atMs: number): boolean;
}

const dayMs = 86_400_000;

interface Gap {
  readonly signal: Signal | null;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Gaps lie before `onsetMs`. Losses occur at any time. */
export function drawBackgroundNoise(
  random: Random,
  { fromMs, onsetMs }: { fromMs: number; onsetMs: number },
): BackgroundNoise {
  const waves = [1, 2, 3].map((i) => ({
    periodMs: (2 + 7 * random.next()) * 60_000 * i,
    phase: random.next() * 2 * Math.PI,
    size: 0.05 * random.next(),
  }));
  const lossShare = random.chance(0.3) ? 0.01 + 0.06 * random.next() : 0;
  const gaps = random.chance(0.25)
    ? Array.from({ length: random.int(1, 3) }, () => drawGap(random, { fromMs, onsetMs }))
    : [];
  const loss = random.fork('loss');
  return {
    loadAt: (atMs) =>
      0.7 +
      0.3 * Math.sin(((atMs % dayMs) / dayMs) * 2 * Math.PI - 2) +
      waves.reduce(
        (sum, { periodMs, phase, size }) => sum + size * Math.sin((atMs / periodMs) * 2 * Math.PI + phase),
        0,
      ),
    arrives: (signal, atMs) =>
      !loss.chance(lossShare) &&
      !gaps.some((gap) => (gap.signal ?? signal) === signal && gap.fromMs <= atMs && atMs < gap.toMs),
  };
}

function drawGap(random: Random, { fromMs, onsetMs }: { fromMs: number; onsetMs: number }): Gap {
  const startMs = fromMs + random.next() * (onsetMs - 180_000 - fromMs);
  const signal = random.chance(0.5) ? null : random.pick<Signal>(['traces', 'logs', 'metrics']);
  return { signal, fromMs: startMs, toMs: Math.min(onsetMs - 120_000, startMs + random.int(60, 240) * 1000) };
}
