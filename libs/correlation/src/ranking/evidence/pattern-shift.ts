/**
 * Patterns of an operation that come or go: the share of its spans that make a given call or log a given line. Shares do not move with load.
 * A pattern that vanished because a callee fails is explainable by that callee; see `explain/`.
 */
import type { Comparison } from '../compare/comparison.ts';
import { lastingFactor } from '../compare/lasting.ts';
import type { PatternComparison } from '../compare/patterns.ts';
import { type Detection, minStrength } from '../finding/finding.ts';
import { formatPercent } from '../finding/format.ts';
import { evidenceKind } from '../finding/kind.ts';
import { referenceToChildren, referenceToLines } from '../finding/reference.ts';
import { logOdds } from '../finding/weight.ts';
import { keyOf } from '../rows/call-edge.ts';
import { halfPatternEffect } from '../statistics/effect-size.ts';
import { certainty, shareEffect, twoProportionZ } from '../statistics/proportions.ts';
import { clamp } from '../statistics/robust.ts';
import { isErrorLine, isErrorText, mechanismOf } from '../vocabulary/log-mechanism.ts';
import { errorLineWeight } from './shared/error-line-weight.ts';
import { relayed } from './shared/relayed.ts';

interface Shift {
  readonly pattern: PatternComparison;
  /** Cohen's h: above 0 it became more common. */
  readonly h: number;
  readonly strength: number;
}

type Found = Detection<'patternShift' | 'errorLine', Shift>;

export const patternShift = evidenceKind({
  name: 'pattern-shift',
  signal: 'spans',
  weights: {
    patternShift: logOdds(
      4,
      'a call or line of an operation comes or goes: shares do not move with load, but branches in the data move them',
    ),
    errorLine: errorLineWeight,
  },
  traits: { failsCallers: true, visibleToCallers: true, hiddenInAnswers: true, quotesLogs: true },
  detect({ patterns }: Pick<Comparison, 'patterns'>): Found[] {
    const tested = patterns.filter(({ before, during }) => before.of > 0 && during.of > 0);
    // Patterns of one operation move together, so they count as one test.
    const tests = new Set(tested.map(({ service, operation }) => keyOf(service, operation))).size;
    const shifts = tested.flatMap((pattern) => shiftOf(pattern, tests));
    return [...Map.groupBy(shifts, ({ pattern }) => pattern.service).values()].flatMap(judge);
  },
  describe: ({ facts: { pattern, h } }) => {
    const [before, during] = [pattern.before, pattern.during].map(({ spans, of }) =>
      formatPercent(spans / Math.max(1, of)),
    ) as [string, string];
    const what =
      pattern.what === 'log'
        ? `the log line "${pattern.text.slice(0, 90)}"`
        : `the call ${pattern.target} ${pattern.text}`;
    return {
      summary: `${pattern.service} ${pattern.operation}: ${what} ${h < 0 ? 'became rare' : 'became common'}, in ${before} -> ${during} of its calls`,
      before,
      during,
    };
  },
  reference: ({ facts: { pattern } }) =>
    pattern.what === 'log' ? referenceToLines(pattern) : referenceToChildren({ ...pattern, peer: pattern.target }),
  refute: relayed,
});

function shiftOf(pattern: PatternComparison, tests: number): Shift[] {
  const { before, during, dispersion, lasting } = pattern;
  const counts = { hits: during.spans, n: during.of, baseHits: before.spans, baseN: before.of };
  const h = shareEffect(counts);
  const z = Math.abs(twoProportionZ(counts)) / Math.sqrt(dispersion);
  const size = (h * h) / (h * h + halfPatternEffect * halfPatternEffect);
  const strength = size * certainty(z, tests, 5) * lastingFactor(lasting);
  return strength < 0.02 ? [] : [{ pattern, h, strength }];
}

/** The strongest shift counts. Further ones add little, since one fault moves many. */
function judge(shifts: readonly Shift[]): Found[] {
  const discounted = shifts.map((shift) => ({ ...shift, strength: shift.strength * plausibility(shift, shifts) }));
  const [lead, second] = discounted.sort(
    (a, b) => b.strength - a.strength || (a.pattern.text < b.pattern.text ? -1 : 1),
  );
  if (lead === undefined) return [];
  const strength = clamp(lead.strength + 0.25 * (second?.strength ?? 0), 0, 1.2);
  if (strength < minStrength) return [];
  const { pattern } = lead;
  const isError = isErrorPattern(pattern);
  return [
    {
      weightName: isError ? 'errorLine' : 'patternShift',
      service: pattern.service,
      faultType: isError ? (mechanismOf(pattern.text) ?? 'error') : 'code',
      strength,
      explainable: 1,
      facts: lead,
    },
  ];
}

/** One line in place of another, without an error, is another branch that the data took. */
function plausibility({ pattern, h }: Shift, all: readonly Shift[]): number {
  if (isErrorPattern(pattern)) return h > 0 ? 1.2 : 0.3;
  const isSwapped = all.some(
    (other) =>
      other.pattern.operation === pattern.operation &&
      other.pattern.what === pattern.what &&
      Math.sign(other.h) !== Math.sign(h) &&
      Math.abs(other.h + h) < 0.35 * Math.abs(h) &&
      !isErrorPattern(other.pattern),
  );
  if (isSwapped) return 0.3;
  return h < 0 ? 1 : 0.6;
}

function isErrorPattern(pattern: PatternComparison): boolean {
  return pattern.what === 'log' ? isErrorLine(pattern) : isErrorText(pattern.text);
}
