/** It used more of something, logged more or was changed, and yet answers as ever: whatever that was, nobody felt it. */
import { mergeHistograms } from '@faultline/model';
import { formatPercent, formatUs } from '../../finding/format.ts';
import { lookAtOperations } from '../../finding/reference.ts';
import { histogramMeanUs } from '../../statistics/statistics.ts';
import { against, type CounterEvidence, hitsInPart } from './suspect.ts';

/** What tells by itself that a service answers worse, or not at all, or does its work another way. */
const felt: ReadonlySet<string> = new Set([
  'self-time',
  'edge-gap',
  'own-errors',
  'steps',
  'silent-hop',
  'unreachable',
  'service-metrics',
  'mesh-latency',
  'caller-side',
  'lost-calls',
  'last-call',
]);
/** Weaker signs of that are no reason to doubt what all of its calls say. */
const feltFrom = 0.1;
/** Enough calls to see a change by a quarter. */
const fewCalls = 50;

export const asEver: CounterEvidence = (suspect) => {
  const { context, service, support, disturbed } = suspect;
  const isFelt = support.some(({ kind, strength }) => felt.has(kind) && strength >= feltFrom);
  if (isFelt || disturbed.has(service) || hitsInPart(suspect)) return [];
  const served = context.operations.filter(
    (one) => one.service === service && (one.kind === 'server' || one.kind === 'consumer'),
  );
  const sides = (['before', 'during'] as const).map((side) => {
    const stats = served.map((one) => one[side]);
    const calls = stats.reduce((sum, one) => sum + one.calls, 0);
    const errors = stats.reduce((sum, one) => sum + one.errors, 0);
    const meanUs = histogramMeanUs(mergeHistograms(stats.map(({ duration }) => duration)));
    return { calls, text: `${formatUs(meanUs)}, ${formatPercent(errors / Math.max(1, calls))} failing` };
  });
  const [before, during] = sides;
  if (before === undefined || during === undefined || Math.min(before.calls, during.calls) < fewCalls) return [];
  return [
    {
      ...against,
      kind: 'as-ever',
      reason: 'asEver',
      service,
      entity: `service:${service}`,
      strength: -1,
      summary: `${service} answers its callers as ever: ${before.text} -> ${during.text}`,
      before: before.text,
      during: during.text,
      look: lookAtOperations(service),
    },
  ];
};
