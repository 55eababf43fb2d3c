import type { Scope, TimeRange } from '@faultline/model';
import type { Statement } from '../engine.ts';
import { windowMs } from '../rows.ts';

/** A limit on what one query may cost. */
export interface Budget {
  readonly maxMs: number;
}

/** 2 GiB: several queries run at once, in the process that also takes the alerts. */
const maxMemoryBytes = 2 * 1024 ** 3;

/** Ends a SELECT with its limits. They are part of the text, for the reason given in engine.ts. */
export function bounded(sql: string, params: Statement['params'], { maxMs }: Budget): Statement {
  const seconds = Math.max(1, Math.ceil(maxMs / 1000));
  return {
    sql: `${sql}\nSETTINGS max_execution_time = ${seconds}, max_memory_usage = ${maxMemoryBytes}, output_format_json_quote_64bit_integers = 0`,
    params,
  };
}

/** Rows of one scope. Every query on scoped tables has it. */
export const inScope = 'Tenant = {tenant:String} AND Environment = {environment:String}';

export function scopeParams({ tenant, environment }: Scope): Statement['params'] {
  return { tenant, environment };
}

/** Windows that start in [from, to): two parameters, in seconds. */
export function windowsBetween(from: string, to: string): string {
  return `WindowStart >= toDateTime({${from}:UInt32}, 'UTC') AND WindowStart < toDateTime({${to}:UInt32}, 'UTC')`;
}
export const inRange = windowsBetween('fromSecond', 'toSecond');

/** Parameters of `inRange`. Windows start at whole seconds, so that rounding both ends up is exact. */
export function rangeParams({ fromMs, toMs }: TimeRange): Statement['params'] {
  return { fromSecond: toSecond(fromMs), toSecond: toSecond(toMs) };
}

/** What a DateTime can hold: until 2106. */
export function toSecond(atMs: number): number {
  return Math.min(2 ** 32 - 1, Math.max(0, Math.ceil(atMs / 1000)));
}

/**
 * Index of the slice that holds a window's start; -1 for none. A look-up among the windows of all slices, twenty times as fast as looking
 * through the slices for each row, and the same however many slices there are.
 */
export const sliceOf =
  'transform(toUnixTimestamp(WindowStart), {sliceWindows:Array(UInt32)}, {windowSlices:Array(Int32)}, toInt32(-1))';

/** Parameters of `inRange` and `sliceOf` over all slices. A window in several slices belongs to the first. */
export function sliceParams(slices: readonly TimeRange[]): Statement['params'] {
  const fromMs = Math.min(...slices.map((slice) => slice.fromMs));
  const toMs = Math.max(...slices.map((slice) => slice.toMs));
  const sliceByWindow = new Map<number, number>();
  for (const [index, slice] of slices.entries())
    for (let atMs = Math.ceil(slice.fromMs / windowMs) * windowMs; atMs < slice.toMs; atMs += windowMs)
      if (!sliceByWindow.has(atMs / 1000)) sliceByWindow.set(atMs / 1000, index);
  return {
    ...rangeParams(slices.length === 0 ? { fromMs: 0, toMs: 0 } : { fromMs, toMs }),
    sliceWindows: [...sliceByWindow.keys()],
    windowSlices: [...sliceByWindow.values()],
  };
}

/** A summed histogram as sorted pairs: what `Histogram` is in the model. */
export function pairsOf(column: string): string {
  return `CAST(sumMap(${column}), 'Array(Tuple(Int16, UInt64))')`;
}
