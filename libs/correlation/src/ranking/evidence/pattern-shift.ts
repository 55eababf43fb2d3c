/**
 * Steps of an operation that come or go: the share of its spans that make a given call or log a given line. Shares do not move with
 * load. A step that vanished below a slower or failing callee is that callee's doing, so it is explainable; see `explain/`.
 */
import type { Context } from '../compare/comparison.ts';
import { lastingFactor } from '../compare/lasting.ts';
import type { StepPair } from '../compare/patterns.ts';
import { type Finding, minStrength } from '../finding/finding.ts';
import { formatPercent } from '../finding/format.ts';
import { lookAtChildren, lookAtLines } from '../finding/reference.ts';
import { halfStep } from '../statistics/effect-size.ts';
import { certainty, clamp, shareEffect, twoProportionZ } from '../statistics/statistics.ts';
import { mechanismOf, isErrorLike as saysError } from '../vocabulary/log-mechanism.ts';

/** An OpenTelemetry severity number from which a line is an error. */
const errorSeverity = 17;

interface Shift {
  readonly step: StepPair;
  readonly h: number;
  readonly strength: number;
}

export function steps(context: Context): Finding[] {
  const tested = context.steps.filter(({ before, during }) => before.of > 0 && during.of > 0);
  // Steps of one operation move together: they count as one test.
  const tests = new Set(tested.map(({ service, operation }) => `${service}\n${operation}`)).size;
  const byService = Map.groupBy(
    tested.flatMap((step) => shiftOf(step, tests)),
    ({ step }) => step.service,
  );
  return [...byService].flatMap(([, shifts]) => judge(shifts));
}

function shiftOf(step: StepPair, tests: number): Shift[] {
  const { before, during, dispersion, lasting } = step;
  const counts = { hits: during.spans, n: during.of, baseHits: before.spans, baseN: before.of };
  const h = shareEffect(counts);
  const z = Math.abs(twoProportionZ(counts)) / Math.sqrt(dispersion);
  const strength = ((h * h) / (h * h + halfStep * halfStep)) * certainty(z, tests, 5) * lastingFactor(lasting);
  return strength < 0.02 ? [] : [{ step, h, strength }];
}

/** The strongest step speaks; further ones add little, since one fault moves many. */
function judge(shifts: readonly Shift[]): Finding[] {
  const discounted = shifts.map((shift) => ({ ...shift, strength: shift.strength * plausibility(shift, shifts) }));
  const [lead, second] = discounted.sort((a, b) => b.strength - a.strength || (a.step.text < b.step.text ? -1 : 1));
  if (lead === undefined) return [];
  const strength = clamp(lead.strength + 0.25 * (second?.strength ?? 0), 0, 1.2);
  return strength < minStrength ? [] : [finding(lead, strength)];
}

/** One line in place of another with nothing error-like is a branch that the data took. */
function plausibility({ step, h }: Shift, all: readonly Shift[]): number {
  if (isErrorLike(step)) return h > 0 ? 1.2 : 0.3;
  const swapped = all.some(
    (other) =>
      other.step.operation === step.operation &&
      other.step.what === step.what &&
      Math.sign(other.h) !== Math.sign(h) &&
      Math.abs(other.h + h) < 0.35 * Math.abs(h) &&
      !isErrorLike(other.step),
  );
  if (swapped) return 0.3;
  return h < 0 ? 1 : 0.6;
}

function isErrorLike({ what, text, severityNumber }: StepPair): boolean {
  return (what === 'log' && severityNumber >= errorSeverity) || saysError(text);
}

function finding({ step, h }: Shift, strength: number): Finding {
  const [before, during] = [step.before, step.during].map(({ spans, of }) => formatPercent(spans / Math.max(1, of)));
  const what =
    step.what === 'log' ? `the log line "${step.text.slice(0, 90)}"` : `the call ${step.target} ${step.text}`;
  return {
    kind: 'steps',
    reason: isErrorLike(step) ? 'errorLine' : 'step',
    service: step.service,
    instance: '',
    causeKind: isErrorLike(step) ? (mechanismOf(step.text) ?? 'error') : 'code',
    entity: `service:${step.service}`,
    strength,
    explainable: 1,
    summary: `${step.service} ${step.operation}: ${what} ${h < 0 ? 'became rare' : 'became common'}, in ${before} -> ${during} of its calls`,
    before: before ?? '',
    during: during ?? '',
    look: step.what === 'log' ? lookAtLines(step) : lookAtChildren({ ...step, peer: step.target }),
  };
}
