import type { Scope, TimeRange } from '@faultline/model';
import type { Statement } from '../engine.ts';

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

/** Windows that start in the range: coarsely, by second, so that the primary key serves. What must be exact says so beside it. */
export function windowsBetween(fromMs: string, toMs: string): string {
  const second = (name: string) => `toDateTime(intDiv({${name}:Int64}, 1000), 'UTC')`;
  return `WindowStart >= ${second(fromMs)} AND WindowStart <= ${second(toMs)}`;
}
export const inRange = windowsBetween('fromMs', 'toMs');

export function rangeParams({ fromMs, toMs }: TimeRange): Statement['params'] {
  return { fromMs: Math.max(0, Math.floor(fromMs)), toMs: Math.max(0, Math.ceil(toMs)) };
}

/** Index of the slice that holds a window's start; -1 for none. */
export const sliceOf =
  'arrayFirstIndex((sliceFrom, sliceTo) -> toUnixTimestamp(WindowStart) * 1000 >= sliceFrom AND toUnixTimestamp(WindowStart) * 1000 < sliceTo, {slicesFrom:Array(Int64)}, {slicesTo:Array(Int64)}) - 1';

/** Parameters of `inRange` and `sliceOf` over all slices. */
export function sliceParams(slices: readonly TimeRange[]): Statement['params'] {
  const fromMs = Math.min(...slices.map((slice) => slice.fromMs));
  const toMs = Math.max(...slices.map((slice) => slice.toMs));
  return {
    ...rangeParams(slices.length === 0 ? { fromMs: 0, toMs: 0 } : { fromMs, toMs }),
    slicesFrom: slices.map((slice) => Math.floor(slice.fromMs)),
    slicesTo: slices.map((slice) => Math.floor(slice.toMs)),
  };
}

/** A summed histogram as sorted pairs: what `Histogram` is in the model. */
export function pairsOf(column: string): string {
  return `CAST(sumMap(${column}), 'Array(Tuple(Int16, UInt64))')`;
}
