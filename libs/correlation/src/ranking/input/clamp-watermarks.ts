/** Bounds the watermarks by the present. Otherwise a sender whose clock runs ahead would make everybody else look silent. */
import type { RankingInput } from './ranking.ts';
export function clampWatermarks(input: RankingInput): RankingInput {
  if (input.answer === null) return input;
  const { nowMs, answer } = input;
  const watermarks = {
    spans: Math.min(answer.watermarks.spans, nowMs),
    logs: Math.min(answer.watermarks.logs, nowMs),
    metrics: Math.min(answer.watermarks.metrics, nowMs),
  };
  return { ...input, answer: { ...answer, watermarks } };
}
