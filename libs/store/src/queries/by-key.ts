/**
 * Sums of windows by key and slice. The engine returns one row per key with its slices in an array. Names are thus
 * sorted and sent once per key instead of once per slice. `toSliceRows` unfolds them.
 */
import type { EvidenceQuery } from '@faultline/model';
import type { Statement } from '../engine.ts';
import type { Neighbourhood } from './neighbourhood.ts';
import {
  type Budget,
  bounded,
  inPeriods,
  inRange,
  inScope,
  planPeriods,
  planWindows,
  scopeParams,
  sliceOf,
  sliceOfPeriod,
  sliceParams,
} from './statement.ts';

/** Most rows of one kind in a result: keys times slices. */
export const maxSliceRows = 20_000;

/** Most keys of one kind in the result of this query. */
export function maxKeys({ slices }: Pick<EvidenceQuery, 'slices'>): number {
  return Math.floor(maxSliceRows / Math.max(1, slices.length));
}

/** Names of result columns, with the SQL expressions over the table's columns. */
type Columns = Readonly<Record<string, string>>;

export interface SliceSums {
  readonly table: string;
  /** The same table summed to periods, if there is one. */
  readonly periods?: string;
  /** All columns that the expressions need. */
  readonly columns: readonly string[];
  /** Columns that periods lack, with the expressions that replace them. */
  readonly notInPeriods?: Columns;
  readonly key: Columns;
  /** Aggregates of one slice. */
  readonly sums: Columns;
  /** Aggregates that are the same in every slice. */
  readonly shared?: Columns;
  /** Order in which keys are kept when there are too many: expressions over `sums`, with direction. */
  readonly order: readonly string[];
  /** Condition for rows of the neighbourhood, with the parameters `near`, `services` and `callees`. */
  readonly isAround: string;
}

/** One row of the engine's result: the key, what is shared, and `[slice, ...sums]` for each slice with data. */
export interface KeyResult {
  readonly slices: readonly (readonly [slice: number, ...sums: readonly unknown[]])[];
}

/** What a statement covers. `around` is null for the whole system. */
export type SliceQuery = Pick<EvidenceQuery, 'scope' | 'slices' | 'environments'> & {
  readonly around?: Neighbourhood | null;
};

export function sliceSumsStatement(query: SliceQuery, wanted: SliceSums, budget: Budget): Statement {
  const { key, sums, shared = {}, order } = wanted;
  const plan = wanted.periods === undefined ? planWindows(query.slices) : planPeriods(query.slices);
  const keys = Object.keys(key).join(', ');
  const select = (columns: Columns) => Object.entries(columns).map(([name, sql]) => `        ${sql} AS ${name}`);
  const sharedNames = Object.keys(shared).map((name) => `    max(${name}) AS ${name},\n`);
  const where = query.around ? ` AND ${wanted.isAround}` : '';
  const parts = [sourcePart(wanted.table, wanted.columns, `${sliceOf} AS slice`, `${inScope} AND ${inRange}${where}`)];
  if (wanted.periods !== undefined && plan.periods.size > 0)
    parts.push(
      sourcePart(
        wanted.periods,
        periodColumns(wanted),
        `${sliceOfPeriod} AS slice`,
        `${inScope} AND ${inPeriods}${where}`,
      ),
    );
  return bounded(
    `SELECT
    ${keys},
${sharedNames.join('')}    arraySort(part -> part.1, groupArray((slice, ${Object.keys(sums).join(', ')}))) AS slices
FROM
(
    SELECT
        slice,
${[...select(key), ...select(shared), ...select(sums)].join(',\n')}
    FROM
    (
${parts.join('\n        UNION ALL\n')}
    )
    GROUP BY slice, ${keys}
)
GROUP BY ${keys}
ORDER BY ${[...order, keys].join(', ')}
LIMIT ${maxKeys(query)}`,
    { ...scopeParams(query), ...sliceParams(plan), ...aroundParams(query.around ?? null) },
    budget,
  );
}

function periodColumns({ columns, notInPeriods = {} }: SliceSums): string[] {
  return columns.map((column) => (column in notInPeriods ? `${notInPeriods[column]} AS ${column}` : column));
}

function sourcePart(table: string, columns: readonly string[], slice: string, where: string): string {
  return `        SELECT ${slice}, ${columns.join(', ')}
        FROM ${table}
        PREWHERE ${where} AND slice >= 0`;
}

/** Parameters of conditions on a neighbourhood. */
export function aroundParams(around: Neighbourhood | null): Statement['params'] {
  return around === null ? {} : { near: around.near, services: around.services, callees: around.callees };
}

/** Unfolds results into the model's rows, slices of a key together. `sums` as in the statement. */
export function toSliceRows<Row>(results: readonly KeyResult[], sums: Columns): Row[] {
  const names = Object.keys(sums);
  return results.flatMap(({ slices, ...key }) =>
    slices.map(([slice, ...values]) => {
      const row: Record<string, unknown> = { slice, ...key };
      for (const [index, name] of names.entries()) row[name] = values[index];
      // The statement was built from the same names.
      return row as Row;
    }),
  );
}
