/**
 * Sums of windows by key and slice. The engine gives one row for each key with its slices in an array, so that names are sorted and sent
 * once and not for each slice; `toSliceRows` makes them rows again.
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

/** Most rows of one kind in an answer: keys times slices. */
export const maxSliceRows = 20_000;

/** Most keys of one kind in the answer to this question. */
export function maxKeys({ slices }: Pick<EvidenceQuery, 'slices'>): number {
  return Math.floor(maxSliceRows / Math.max(1, slices.length));
}

/** Names of the answer's columns with the expressions over the table's columns that make them. */
type Columns = Readonly<Record<string, string>>;

export interface SliceSums {
  readonly table: string;
  /** The same in periods, if there is such a table. */
  readonly periods?: string;
  /** All columns that the expressions need. */
  readonly columns: readonly string[];
  /** Those that periods lack, with what stands for them. */
  readonly notInPeriods?: Columns;
  readonly key: Columns;
  /** Aggregates of one slice. */
  readonly sums: Columns;
  /** Aggregates that are the same in every slice. */
  readonly shared?: Columns;
  /** What comes first when there are too many keys: expressions over `sums`, each with its direction. */
  readonly order: readonly string[];
  /** Which rows are of the neighbourhood: a condition with the parameters `near`, `services` and `callees`. */
  readonly isAround: string;
}

/** One row of the engine's answer: the key, what is shared, and `[slice, ...sums]` for each slice that has something. */
export interface KeyResult {
  readonly slices: readonly (readonly [slice: number, ...sums: readonly unknown[]])[];
}

/** What a statement is asked about. `around`: null for the whole system. */
export type AskedSlices = Pick<EvidenceQuery, 'scope' | 'slices'> & { readonly around?: Neighbourhood | null };

export function sliceSumsStatement(question: AskedSlices, wanted: SliceSums, budget: Budget): Statement {
  const { key, sums, shared = {}, order } = wanted;
  const plan = wanted.periods === undefined ? planWindows(question.slices) : planPeriods(question.slices);
  const keys = Object.keys(key).join(', ');
  const select = (columns: Columns) => Object.entries(columns).map(([name, sql]) => `        ${sql} AS ${name}`);
  const sharedNames = Object.keys(shared).map((name) => `    max(${name}) AS ${name},\n`);
  const where = question.around ? ` AND ${wanted.isAround}` : '';
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
LIMIT ${maxKeys(question)}`,
    { ...scopeParams(question.scope), ...sliceParams(plan), ...aroundParams(question.around ?? null) },
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

/** Parameters of the conditions on a neighbourhood. */
export function aroundParams(around: Neighbourhood | null): Statement['params'] {
  return around === null ? {} : { near: around.near, services: around.services, callees: around.callees };
}

/** The rows of the model, slices of a key together. `sums` as in the statement. */
export function toSliceRows<Row>(results: readonly KeyResult[], sums: Columns): Row[] {
  const names = Object.keys(sums);
  return results.flatMap(({ slices, ...key }) =>
    slices.map(([slice, ...values]) => {
      const row: Record<string, unknown> = { slice, ...key };
      for (const [index, name] of names.entries()) row[name] = values[index];
      // The statement was made of the same names.
      return row as Row;
    }),
  );
}
