/**
 * Lines without a span that speak of failure and came, or became many times as frequent. Lines inside spans are judged as shares, in
 * `steps`; these can only be counted, so load moves them, and only a multiple counts.
 */
import type { Context } from '../compare/comparison.ts';
import { type Finding, minStrength } from '../finding/finding.ts';
import { formatRatio, formatValue } from '../finding/format.ts';
import { lookAtLines } from '../finding/reference.ts';
import type { LineGroup } from '../rows/group.ts';
import { dispersionOf } from '../statistics/dispersion.ts';
import { certainty } from '../statistics/statistics.ts';
import { isErrorLike, mechanismOf } from '../vocabulary/log-mechanism.ts';

/** An OpenTelemetry severity number from which a line is an error. */
const errorSeverity = 17;
/** Twice as many is what a change of load does; this many times is half of a proof. */
const halfMultiple = 3;

export function errorLines(context: Context): Finding[] {
  const lines = context.groups.lines.filter(
    ({ text, severityNumber }) => severityNumber >= errorSeverity || isErrorLike(text),
  );
  const found = lines.flatMap((line) => judge(context, line, lines.length));
  const byService = Map.groupBy(found, ({ service }) => service);
  return [...byService].flatMap(([, all]) => all.toSorted((a, b) => b.strength - a.strength).slice(0, 1));
}

function judge({ input, sides }: Context, line: LineGroup, tests: number): Finding[] {
  const slices = input.answer?.slices ?? [];
  const sums = { before: { lines: 0, seconds: 0 }, during: { lines: 0, seconds: 0 } };
  const earlier: { sum: number; n: number }[] = [];
  slices.forEach(({ fromMs, toMs }, slice) => {
    const side = sides[slice];
    if (side === undefined) return;
    const sum = side ? sums.during : sums.before;
    const seconds = (toMs - fromMs) / 1000;
    sum.lines += line.lines[slice] ?? 0;
    sum.seconds += seconds;
    if (!side && slice > 0) earlier.push({ sum: line.lines[slice] ?? 0, n: seconds });
  });
  const { before, during } = sums;
  if (before.seconds === 0 || during.seconds === 0 || during.lines < 3) return [];
  const expected = (before.lines / before.seconds) * during.seconds;
  // Counts are Poisson at best; one is added, so that a few lines after none are no proof.
  const noise = dispersionOf(earlier, (mean) => Math.max(mean, 1 / before.seconds));
  const z = (during.lines - expected) / Math.sqrt((expected + 1) * noise);
  const multiple = during.lines / (expected + 1) - 1;
  const strength = multiple <= 0 ? 0 : (multiple / (multiple + halfMultiple)) * certainty(z, tests);
  if (strength < minStrength) return [];
  const perMinute = ({ lines, seconds }: typeof before): number => (60 * lines) / seconds;
  return [
    {
      kind: 'error-lines',
      reason: 'errorLine',
      service: line.service,
      instance: line.instance,
      causeKind: mechanismOf(line.text) ?? 'error',
      entity: `service:${line.service}`,
      strength,
      explainable: 1,
      summary: `${line.service} logs "${line.text.slice(0, 90)}" ${formatRatio(perMinute(during), perMinute(before))} as often: ${formatValue(perMinute(before), '/min')} -> ${formatValue(perMinute(during), '/min')}`,
      before: formatValue(perMinute(before), '/min'),
      during: formatValue(perMinute(during), '/min'),
      look: lookAtLines(line),
    },
  ];
}
