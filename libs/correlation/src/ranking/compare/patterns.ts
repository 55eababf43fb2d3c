/** Child calls and log lines, counted as shares of the spans of their operation, in both windows. */
import type { Window } from '../input/window.ts';
import { keyOf } from '../rows/call-edge.ts';
import type { Groups, PatternGroup } from '../rows/group.ts';
import { shareDispersion } from '../statistics/dispersion.ts';
import { median } from '../statistics/robust.ts';
import type { OperationComparison } from './calls.ts';
import { lastingShare, type SharesBySlice } from './lasting.ts';

/** A child call or a log line of an operation: how many of the operation's spans have it. */
export interface PatternComparison extends Omit<PatternGroup, 'spans'> {
  readonly before: { readonly spans: number; readonly of: number };
  readonly during: { readonly spans: number; readonly of: number };
  /** How much more its share varied from slice to slice in the baseline than chance makes it vary; 1 or more. */
  readonly dispersion: number;
  /** How much of the shift was still there when the alert fired, 0 to 1. */
  readonly lasting: number;
}

interface PatternCount extends Counts {
  readonly pattern: PatternGroup;
}

interface Counts {
  readonly before: number;
  readonly during: number;
}

type PatternGroups = Pick<Groups, 'patterns' | 'settled' | 'logged' | 'lateLogs'>;

/**
 * One comparison for each pattern of each operation, in the order of the groups. Shares are of settled calls: an open trace already counts
 * as a call, but its children and lines do not count yet.
 */
export function comparePatterns(
  groups: PatternGroups,
  windows: readonly Window[],
  { operations, atAlert }: { operations: readonly OperationComparison[]; atAlert: readonly boolean[] },
): PatternComparison[] {
  const calls = settledSpans(operations);
  const spans = { call: calls, log: withoutLateLogs(calls, groups, windows) };
  const counts = groups.patterns.map((pattern) => ({ pattern, ...countWindows(pattern, groups, windows) }));
  const covered = {
    log: coverageOf('log', { counts, spans: spans.log }),
    call: coverageOf('call', { counts, spans: spans.call }),
  };
  const part = (count: number, all: number) => ({ spans: count, of: Math.max(count, Math.round(all)) });
  return counts.flatMap(({ pattern, before, during }) => {
    const of = spans[pattern.what].get(keyOf(pattern.service, pattern.operation));
    if (of === undefined) return [];
    const share = covered[pattern.what];
    const { spans: _, ...names } = pattern;
    const shares = { before: part(before, of.before * share.before), during: part(during, of.during * share.during) };
    if (isSteady(shares)) return [{ ...names, ...shares, dispersion: 1, lasting: 1 }];
    const seen = seenBySlice(pattern, groups, windows);
    const lasting = lastingShare({ ...seen, atAlert }, shares.before.spans / Math.max(1, shares.before.of));
    return [{ ...names, ...shares, dispersion: shareDispersion(seen.hits, seen.of, seen.windows), lasting }];
  });
}

/** The spans of which lines are a share: not those whose lines came too late to be joined with them. */
function withoutLateLogs(
  calls: ReadonlyMap<string, Counts>,
  { settled, lateLogs }: PatternGroups,
  windows: readonly Window[],
): ReadonlyMap<string, Counts> {
  if (lateLogs.size === 0) return calls;
  return new Map(
    [...calls].map(([key, { before, during }]) => {
      const [service = ''] = key.split('\n');
      const late = sumByWindow(settled.get(key) ?? [], windows, (slice) => lateLogs.has(keyOf(service, slice)));
      return [key, { before: Math.max(0, before - late.before), during: Math.max(0, during - late.during) }];
    }),
  );
}

function settledSpans(operations: readonly OperationComparison[]): ReadonlyMap<string, Counts> {
  const spans = new Map<string, Counts>();
  for (const { service, operation, before, during } of operations) {
    const key = keyOf(service, operation);
    const sum = spans.get(key) ?? { before: 0, during: 0 };
    spans.set(key, { before: sum.before + before.settledCalls, during: sum.during + during.settledCalls });
  }
  return spans;
}

/** Most shares do not move and need no closer look. */
function isSteady({ before, during }: Pick<PatternComparison, 'before' | 'during'>): boolean {
  return Math.abs(before.spans / Math.max(1, before.of) - during.spans / Math.max(1, during.of)) < 0.02;
}

/** In a slice without any line of the service, no logs were collected. It tells nothing about a line, so it counts for neither window. */
function seenBySlice(
  { service, operation, what, spans }: PatternGroup,
  { settled, logged }: PatternGroups,
  windows: readonly Window[],
): Omit<SharesBySlice, 'atAlert'> {
  const of = settled.get(keyOf(service, operation)) ?? [];
  const seen = windows.map((window, slice) => (what === 'call' || logged.has(keyOf(service, slice)) ? window : 'gap'));
  return { hits: spans, of, windows: seen };
}

function countWindows(
  { service, what, spans }: PatternGroup,
  { lateLogs }: PatternGroups,
  windows: readonly Window[],
): Counts {
  return sumByWindow(spans, windows, (slice) => what === 'call' || !lateLogs.has(keyOf(service, slice)));
}

function sumByWindow(
  values: ArrayLike<number>,
  windows: readonly Window[],
  counts: (slice: number) => boolean,
): Counts {
  let [before, during] = [0, 0];
  windows.forEach((window, slice) => {
    if (window === 'gap' || !counts(slice)) return;
    if (window === 'incident') during += values[slice] ?? 0;
    else before += values[slice] ?? 0;
  });
  return { before, during };
}

/** With fewer operations that make calls, the median may be the fault itself. */
const minOperations = 8;

interface Counted {
  readonly counts: readonly PatternCount[];
  readonly spans: ReadonlyMap<string, Counts>;
}

/**
 * Which part of the spans had their logs, or their children, collected at all, in both windows. It is the median, over operations, of the
 * share of the commonest line or call. Without it, a gap in collection would look like every pattern coming or going.
 */
function coverageOf(what: PatternGroup['what'], { counts, spans }: Counted): Counts {
  const commonest = new Map<string, Counts>();
  for (const { pattern, before, during } of counts) {
    if (pattern.what !== what) continue;
    const key = keyOf(pattern.service, pattern.operation);
    const most = commonest.get(key) ?? { before: 0, during: 0 };
    commonest.set(key, { before: Math.max(most.before, before), during: Math.max(most.during, during) });
  }
  const coverage = (window: keyof Counts): number => {
    const shares = [...commonest].flatMap(([key, most]) => {
      const of = spans.get(key)?.[window] ?? 0;
      return of === 0 ? [] : [Math.min(1, most[window] / of)];
    });
    return shares.length === 0 || (what === 'call' && shares.length < minOperations) ? 1 : median(shares);
  };
  return { before: coverage('before'), during: coverage('during') };
}
