/** It used more of something, logged more or was changed, and still answers as before: whatever that was, no caller noticed. */
import { mergeHistograms } from '@faultline/model';
import type { Comparison } from '../../compare/comparison.ts';
import type { Detection } from '../../finding/finding.ts';
import { formatPercent, formatUs } from '../../finding/format.ts';
import { counterEvidenceKind, type Suspect } from '../../finding/kind.ts';
import { referenceToOperations } from '../../finding/reference.ts';
import { logOdds } from '../../finding/weight.ts';
import { histogramMeanUs } from '../../statistics/durations.ts';

/** Weaker signs of a visible change are no reason to doubt what all of its calls say. */
const visibleFrom = 0.1;
/** Enough calls to see a change by a quarter. */
const fewCalls = 50;

/** Mean duration in microseconds and share of failures. */
interface Answers {
  readonly calls: number;
  readonly meanUs: number;
  readonly failing: number;
}
type Found = Detection<'noUserVisibleChange', { readonly before: Answers; readonly during: Answers }>;

export const noUserVisibleChange = counterEvidenceKind({
  name: 'no-user-visible-change',
  signal: 'spans',
  weights: { noUserVisibleChange: logOdds(1, 'against: it answers as before, whatever else it did') },
  traits: {},
  detect(suspect: Pick<Suspect, 'operations' | 'service' | 'support' | 'isPartial' | 'degraded'>): Found | null {
    const { service, support, degraded } = suspect;
    const isVisible = support.some(
      ({ traits, strength }) => traits.visibleToCallers === true && strength >= visibleFrom,
    );
    if (isVisible || degraded.has(service) || suspect.isPartial) return null;
    const [before, during] = [answersOf(suspect, 'before'), answersOf(suspect, 'during')];
    if (Math.min(before.calls, during.calls) < fewCalls) return null;
    return { weightName: 'noUserVisibleChange', service, faultType: null, strength: -1, facts: { before, during } };
  },
  describe: ({ service, facts }) => {
    const [before, during] = [formatAnswers(facts.before), formatAnswers(facts.during)];
    return { summary: `${service} answers its callers as before: ${before} -> ${during}`, before, during };
  },
  reference: ({ service }) => referenceToOperations(service),
});

function answersOf(
  { operations, service }: Pick<Comparison, 'operations'> & { service: string },
  window: 'before' | 'during',
): Answers {
  const served = operations.filter(
    (one) => one.service === service && (one.kind === 'server' || one.kind === 'consumer'),
  );
  const stats = served.map((one) => one[window]);
  const calls = stats.reduce((sum, one) => sum + one.calls, 0);
  const errors = stats.reduce((sum, one) => sum + one.errors, 0);
  const meanUs = histogramMeanUs(mergeHistograms(stats.map(({ duration }) => duration)));
  return { calls, meanUs, failing: errors / Math.max(1, calls) };
}

function formatAnswers({ meanUs, failing }: Answers): string {
  return `${formatUs(meanUs)}, ${formatPercent(failing)} failing`;
}
