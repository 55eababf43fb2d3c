/**
 * Sums of windows by key and slice. The engine gives one row for each key with its slices in an array, so that names are sorted and sent
 * once and not for each slice; `toSliceRows` makes them rows again.
 */
import type { EvidenceQuestion } from '@faultline/model';
import type { Statement } from '../engine.ts';
import { type Budget, bounded, inRange, inScope, scopeParams, sliceOf, sliceParams } from './statement.ts';

/** Most rows of one kind in an answer: keys times slices. */
export const maxSliceRows = 20_000;

/** Most keys of one kind in the answer to this question. */
export function maxKeys({ slices }: Pick<EvidenceQuestion, 'slices'>): number {
  return Math.floor(maxSliceRows / Math.max(1, slices.length));
}

/** Names of the answer's columns with the expressions over the table's columns that make them. */
type Columns = Readonly<Record<string, string>>;

export interface SliceSums {
  readonly table: string;
  readonly key: Columns;
  /** Aggregates of one slice. */
  readonly sums: Columns;
  /** Aggregates that are the same in every slice. */
  readonly shared?: Columns;
  /** What comes first when there are too many keys: expressions over `sums`, each with its direction. */
  readonly order: readonly string[];
}

/** One row of the engine's answer: the key, what is shared, and `[slice, ...sums]` for each slice that has something. */
export interface KeyResult {
  readonly slices: readonly (readonly [slice: number, ...sums: readonly unknown[]])[];
}

export function sliceSumsStatement(
  question: Pick<EvidenceQuestion, 'scope' | 'slices'>,
  { table, key, sums, shared = {}, order }: SliceSums,
  budget: Budget,
): Statement {
  const keys = Object.keys(key).join(', ');
  const select = (columns: Columns) => Object.entries(columns).map(([name, sql]) => `        ${sql} AS ${name}`);
  const sharedNames = Object.keys(shared).map((name) => `    max(${name}) AS ${name},\n`);
  return bounded(
    `SELECT
    ${keys},
${sharedNames.join('')}    arraySort(part -> part.1, groupArray((slice, ${Object.keys(sums).join(', ')}))) AS slices
FROM
(
    SELECT
        ${sliceOf} AS slice,
${[...select(key), ...select(shared), ...select(sums)].join(',\n')}
    FROM ${table}
    WHERE ${inScope} AND ${inRange} AND slice >= 0
    GROUP BY slice, ${keys}
)
GROUP BY ${keys}
ORDER BY ${[...order, keys].join(', ')}
LIMIT ${maxKeys(question)}`,
    { ...scopeParams(question.scope), ...sliceParams(question.slices) },
    budget,
  );
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
