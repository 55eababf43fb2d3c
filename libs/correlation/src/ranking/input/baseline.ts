/** Whether the evidence shows any time before the incident. */
import type { RankingInput } from './ranking.ts';

/**
 * False for an incident that began before the evidence that is read: an alert that had fired for days when it came, or one of an incident
 * that lasts longer than evidence reaches back. What is before and after its onset cannot be compared then.
 */
export function hasBaseline({ answer, startedAtMs }: Pick<RankingInput, 'answer' | 'startedAtMs'>): boolean {
  const [baseline] = answer?.slices ?? [];
  return baseline === undefined || startedAtMs >= baseline.toMs;
}
