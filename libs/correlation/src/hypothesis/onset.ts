/** When the harm began. */
import type { RankingInput } from './ranking.ts';

/** Alerts fire a minute or two after the harm starts: rules evaluate windows and wait. */
const alertDelayMs = 120_000;

/** Ms since the epoch. */
export function findOnset({ startedAtMs }: RankingInput): number {
  return startedAtMs - alertDelayMs;
}
