import type { Scope, TimeRange } from '@faultline/model';
import type { Statement } from '../engine.ts';
import { periodMs, windowMs } from '../rows.ts';

/** The limits of one query. */
export interface Budget {
  readonly maxMs: number;
  /** See `Statement`. */
  readonly deadlineMs?: number;
}

/** 2 GiB, because several queries run at once in the process that also receives alerts. */
const maxMemoryBytes = 2 * 1024 ** 3;

/** Appends the limits to a SELECT. They are part of the text for the reason given in engine.ts. */
export function bounded(sql: string, params: Statement['params'], { maxMs, deadlineMs }: Budget): Statement {
  const seconds = Math.max(1, Math.ceil(maxMs / 1000));
  return {
    sql: `${sql}\nSETTINGS max_execution_time = ${seconds}, max_memory_usage = ${maxMemoryBytes}, output_format_json_quote_64bit_integers = 0`,
    params,
    ...(deadlineMs === undefined ? {} : { deadlineMs }),
  };
}

/** What a query reads: its tenant, and the environments. Without a list it is the environment of the scope. */
export interface ReadScope {
  readonly scope: Scope;
  readonly environments?: readonly string[];
}

/** Rows of a tenant's environments. Every query on scoped tables uses it. */
export const inScope = 'Tenant = {tenant:String} AND Environment IN {environments:Array(String)}';

export function scopeParams({ scope, environments = [scope.environment] }: ReadScope): Statement['params'] {
  return { tenant: scope.tenant, environments: [...environments] };
}

/** Windows that start in [from, to). Both are names of parameters, in seconds. */
export function windowsBetween(from: string, to: string): string {
  return `WindowStart >= toDateTime({${from}:UInt32}, 'UTC') AND WindowStart < toDateTime({${to}:UInt32}, 'UTC')`;
}
export const inRange = windowsBetween('fromSecond', 'toSecond');

/** Parameters of `inRange`. Windows start at whole seconds, so rounding both ends up is exact. */
export function rangeParams({ fromMs, toMs }: TimeRange): Statement['params'] {
  return { fromSecond: toSecond(fromMs), toSecond: toSecond(toMs) };
}

/** Limits a time to what a DateTime can hold, which ends in 2106. */
export function toSecond(atMs: number): number {
  return Math.min(2 ** 32 - 1, Math.max(0, Math.ceil(atMs / 1000)));
}

/**
 * The index of the slice that holds a window's start; -1 for none. A lookup in the windows of all slices is twenty
 * times as fast as comparing each row with every slice, and does not depend on the number of slices.
 */
export const sliceOf =
  'transform(toUnixTimestamp(WindowStart), {sliceWindows:Array(UInt32)}, {windowSlices:Array(Int32)}, toInt32(-1))';
/** The same for periods. */
export const sliceOfPeriod =
  'transform(toUnixTimestamp(WindowStart), {slicePeriods:Array(UInt32)}, {periodSlices:Array(Int32)}, toInt32(-1))';
export const inPeriods = windowsBetween('periodFromSecond', 'periodToSecond');

/** The start (s) of each window or period, and its slice. */
type Places = ReadonlyMap<number, number>;

/** Which windows and periods to read for all slices. A window in several slices belongs to the first. */
export interface SlicePlan {
  readonly windows: Places;
  readonly periods: Places;
}

/** Reads all windows one by one. */
export function planWindows(slices: readonly TimeRange[]): SlicePlan {
  const windows = new Map<number, number>();
  for (const [index, slice] of slices.entries())
    for (let atMs = Math.ceil(slice.fromMs / windowMs) * windowMs; atMs < slice.toMs; atMs += windowMs)
      if (!windows.has(atMs / 1000)) windows.set(atMs / 1000, index);
  return { windows, periods: new Map() };
}

/**
 * Reads whole periods where all of their windows belong to one slice, and single windows otherwise: the same sums from
 * fewer rows.
 */
export function planPeriods(slices: readonly TimeRange[]): SlicePlan {
  const windows = new Map(planWindows(slices).windows);
  const periods = new Map<number, number>();
  const inPeriod = periodMs / windowMs;
  for (const [second, slice] of [...windows]) {
    if ((second * 1000) % periodMs !== 0) continue;
    const seconds = Array.from({ length: inPeriod }, (_, index) => second + (index * windowMs) / 1000);
    if (!seconds.every((at) => windows.get(at) === slice)) continue;
    periods.set(second, slice);
    for (const at of seconds) windows.delete(at);
  }
  return { windows, periods };
}

/** Parameters of `inRange` and `sliceOf`, and of `inPeriods` and `sliceOfPeriod` when there are periods. */
export function sliceParams({ windows, periods }: SlicePlan): Statement['params'] {
  const fine = {
    ...rangeParams(rangeOf(windows)),
    sliceWindows: [...windows.keys()],
    windowSlices: [...windows.values()],
  };
  if (periods.size === 0) return fine;
  const { fromSecond: periodFromSecond, toSecond: periodToSecond } = rangeParams(rangeOf(periods));
  const coarse = { slicePeriods: [...periods.keys()], periodSlices: [...periods.values()] };
  return { ...fine, periodFromSecond, periodToSecond, ...coarse };
}

function rangeOf(places: Places): TimeRange {
  if (places.size === 0) return { fromMs: 0, toMs: 0 };
  let from = Number.POSITIVE_INFINITY;
  let to = 0;
  for (const second of places.keys()) {
    from = Math.min(from, second);
    to = Math.max(to, second);
  }
  return { fromMs: from * 1000, toMs: to * 1000 + 1000 };
}

/** A summed histogram as sorted pairs, like the model's `Histogram`. `of` selects the rows that count. */
export function pairsOf(column: string, of?: string): string {
  const sum = of === undefined ? `sumMap(${column})` : `sumMapIf(${column}, ${of})`;
  return `CAST(${sum}, 'Array(Tuple(Int16, UInt64))')`;
}
