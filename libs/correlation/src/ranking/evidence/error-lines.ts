/**
 * Error lines outside of spans that are new, or many times as frequent. Lines inside spans are judged as shares, in `pattern-shift`. These
 * can only be counted, and load moves counts, so only a multiple counts.
 */
import type { Comparison } from '../compare/comparison.ts';
import { type Detection, minStrength } from '../finding/finding.ts';
import { formatRatio, formatValue } from '../finding/format.ts';
import { evidenceKind } from '../finding/kind.ts';
import { referenceToLines } from '../finding/reference.ts';
import type { LineGroup } from '../rows/group.ts';
import { dispersionOf } from '../statistics/dispersion.ts';
import { certainty } from '../statistics/proportions.ts';
import { isErrorLine, mechanismOf } from '../vocabulary/log-mechanism.ts';
import { errorLineWeight } from './shared/error-line-weight.ts';
import { relayed } from './shared/relayed.ts';

/** Twice as many is what a change of load makes. This many times is half of a proof. */
const halfMultiple = 3;
/** Fewer lines are no proof. */
const fewLines = 3;

interface Facts {
  readonly line: LineGroup;
  readonly beforePerMinute: number;
  readonly duringPerMinute: number;
}
type Found = Detection<'errorLine', Facts>;

export const errorLines = evidenceKind({
  name: 'error-lines',
  signal: 'logs',
  weights: { errorLine: errorLineWeight },
  traits: { failsCallers: true, quotesLogs: true },
  detect(inputs: Pick<Comparison, 'groups' | 'slices' | 'windows'>): Found[] {
    const lines = inputs.groups.lines.filter(isErrorLine);
    const found = lines.flatMap((line) => judge(inputs, line, lines.length));
    const byService = Map.groupBy(found, ({ service }) => service);
    return [...byService.values()].flatMap((all) => all.toSorted((a, b) => b.strength - a.strength).slice(0, 1));
  },
  describe: ({ service, facts: { line, beforePerMinute, duringPerMinute } }) => {
    const [before, during] = [formatValue(beforePerMinute, '/min'), formatValue(duringPerMinute, '/min')];
    return {
      summary: `${service} logs "${line.text.slice(0, 90)}" ${formatRatio(duringPerMinute, beforePerMinute)} as often: ${before} -> ${during}`,
      before,
      during,
    };
  },
  reference: ({ facts }) => referenceToLines(facts.line),
  refute: relayed,
});

function judge(inputs: Pick<Comparison, 'slices' | 'windows'>, line: LineGroup, tests: number): Found[] {
  const { before, during, earlier } = countLines(inputs, line);
  if (before.seconds === 0 || during.seconds === 0 || during.lines < fewLines) return [];
  const expected = (before.lines / before.seconds) * during.seconds;
  // Counts are Poisson at best. One is added, so that a few lines after none are no proof.
  const noise = dispersionOf(earlier, (mean) => Math.max(mean, 1 / before.seconds));
  const z = (during.lines - expected) / Math.sqrt((expected + 1) * noise);
  const multiple = during.lines / (expected + 1) - 1;
  const strength = multiple <= 0 ? 0 : (multiple / (multiple + halfMultiple)) * certainty(z, tests);
  if (strength < minStrength) return [];
  const { service, instance, text } = line;
  const perMinute = ({ lines, seconds }: LineSum): number => (60 * lines) / seconds;
  const facts = { line, beforePerMinute: perMinute(before), duringPerMinute: perMinute(during) };
  const faultType = mechanismOf(text) ?? 'error';
  return [{ weightName: 'errorLine', service, instance, faultType, strength, explainable: 1, facts }];
}

interface LineSum {
  readonly lines: number;
  readonly seconds: number;
}

interface LineCounts {
  readonly before: LineSum;
  readonly during: LineSum;
  /** The short slices of the baseline, one by one. */
  readonly earlier: readonly { readonly sum: number; readonly n: number }[];
}

function countLines({ slices, windows }: Pick<Comparison, 'slices' | 'windows'>, { lines }: LineGroup): LineCounts {
  const sums = { baseline: { lines: 0, seconds: 0 }, incident: { lines: 0, seconds: 0 } };
  const earlier: { sum: number; n: number }[] = [];
  slices.forEach(({ fromMs, toMs }, slice) => {
    const window = windows[slice];
    if (window === undefined || window === 'gap') return;
    const seconds = (toMs - fromMs) / 1000;
    sums[window].lines += lines[slice] ?? 0;
    sums[window].seconds += seconds;
    if (window === 'baseline' && slice > 0) earlier.push({ sum: lines[slice] ?? 0, n: seconds });
  });
  return { before: sums.baseline, during: sums.incident, earlier };
}
