/** Child calls and log lines counted as shares of the spans of their operation, before and during. */

import type { Groups, StepGroup } from '../rows/group.ts';
import { shareDispersion } from '../statistics/dispersion.ts';
import { median } from '../statistics/statistics.ts';
import type { OperationPair, Side } from './calls.ts';
import { lastingShare, type SharesBySlice } from './lasting.ts';

/** A child call or a log template of an operation: how many of its spans had it. */
export interface StepPair extends Omit<StepGroup, 'spans'> {
  readonly before: { readonly spans: number; readonly of: number };
  readonly during: { readonly spans: number; readonly of: number };
  /** How much more its share differed from slice to slice before than chance makes it: 1 or more. */
  readonly dispersion: number;
  /** How much of the shift was still there at the alert, 0 to 1. */
  readonly lasting: number;
}

interface StepCount extends Counts {
  readonly step: StepGroup;
}

interface Counts {
  readonly before: number;
  readonly during: number;
}

/**
 * One pair for each step of each operation, in the order of the groups. Shares are of settled calls: a trace still open has been counted as
 * a call, but its steps have not.
 */
export function foldSteps(
  { steps, settled, logged }: Groups,
  isDuring: readonly Side[],
  { operations, atAlert }: { operations: readonly OperationPair[]; atAlert: readonly boolean[] },
): StepPair[] {
  const spans = new Map<string, Counts>();
  for (const { service, operation, before, during } of operations) {
    const key = `${service}\n${operation}`;
    const sum = spans.get(key) ?? { before: 0, during: 0 };
    spans.set(key, { before: sum.before + before.settledCalls, during: sum.during + during.settledCalls });
  }
  const counts = steps.map((step) => ({ step, ...countSides(step, isDuring) }));
  const covered = { log: coverageOf('log', { counts, spans }), call: coverageOf('call', { counts, spans }) };
  const part = (count: number, all: number) => ({ spans: count, of: Math.max(count, Math.round(all)) });
  return counts.flatMap(({ step, before, during }) => {
    const of = spans.get(`${step.service}\n${step.operation}`);
    if (of === undefined) return [];
    const share = covered[step.what];
    const { spans: _, ...names } = step;
    const pair = { before: part(before, of.before * share.before), during: part(during, of.during * share.during) };
    if (isStill(pair)) return [{ ...names, ...pair, dispersion: 1, lasting: 1 }];
    const seen = seenBySlice(step, { settled, logged, isDuring });
    const lasting = lastingShare({ ...seen, atAlert }, pair.before.spans / Math.max(1, pair.before.of));
    return [{ ...names, ...pair, dispersion: shareDispersion(seen.hits, seen.of, seen.sides), lasting }];
  });
}

/** Most shares do not move, and need no closer look. */
function isStill({ before, during }: Pick<StepPair, 'before' | 'during'>): boolean {
  return Math.abs(before.spans / Math.max(1, before.of) - during.spans / Math.max(1, during.of)) < 0.02;
}

/** A slice without any line of the service had no logs collected: it tells nothing of a line. */
function seenBySlice(
  { service, operation, what, spans }: StepGroup,
  { settled, logged, isDuring }: Pick<Groups, 'settled' | 'logged'> & { isDuring: readonly Side[] },
): Omit<SharesBySlice, 'atAlert'> {
  const of = settled.get(`${service}\n${operation}`) ?? [];
  const sides = isDuring.map((side, slice) =>
    what === 'call' || logged.has(`${service}\n${slice}`) ? side : undefined,
  );
  return { hits: spans, of, sides };
}

function countSides({ spans }: StepGroup, isDuring: readonly Side[]): Counts {
  let [before, during] = [0, 0];
  spans.forEach((count, slice) => {
    if (isDuring[slice] === true) during += count;
    else if (isDuring[slice] === false) before += count;
  });
  return { before, during };
}

/** With fewer operations that make calls, the median may be the fault itself. */
const minOperations = 8;

interface Counted {
  readonly counts: readonly StepCount[];
  readonly spans: ReadonlyMap<string, Counts>;
}

/**
 * Which part of the spans had their logs, or their children, collected at all, before and during: the median, over operations, of the
 * share that the commonest line or call has. Else a gap in collection would read as every step coming or going.
 */
function coverageOf(what: StepGroup['what'], { counts, spans }: Counted): Counts {
  const commonest = new Map<string, Counts>();
  for (const { step, before, during } of counts) {
    if (step.what !== what) continue;
    const key = `${step.service}\n${step.operation}`;
    const most = commonest.get(key) ?? { before: 0, during: 0 };
    commonest.set(key, { before: Math.max(most.before, before), during: Math.max(most.during, during) });
  }
  const coverage = (side: keyof Counts): number => {
    const shares = [...commonest].flatMap(([key, most]) => {
      const of = spans.get(key)?.[side] ?? 0;
      return of === 0 ? [] : [Math.min(1, most[side] / of)];
    });
    return shares.length === 0 || (what === 'call' && shares.length < minOperations) ? 1 : median(shares);
  };
  return { before: coverage('before'), during: coverage('during') };
}
