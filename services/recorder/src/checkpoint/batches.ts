/** The rows of one checkpoint, by table, and the names under which they are inserted. */
import type { Batch, RowOf, TableName } from '@faultline/store';

/** The store takes 200,000 rows at once; a barrier may close more than that. */
const maxRows = 100_000;

export interface RowBuffer {
  add<Table extends TableName>(table: Table, rows: readonly RowOf[Table][]): void;
  /** Batches in the order of their tables' first rows. `tokenOf` names a table's rows; further pieces of one table get a number. */
  batches(tokenOf: (table: TableName) => string): Batch[];
}

/** No rows. */
export function createRowBuffer(): RowBuffer {
  const tables = new Map<TableName, RowOf[TableName][]>();
  return {
    add: (table, rows) => {
      const known = tables.get(table) ?? [];
      for (const row of rows) known.push(row);
      if (known.length > 0) tables.set(table, known);
    },
    batches: (tokenOf) => [...tables].flatMap(([table, rows]) => split(table, rows, tokenOf(table))),
  };
}

function split(table: TableName, rows: readonly RowOf[TableName][], token: string): Batch[] {
  const pieces: Batch[] = [];
  for (let from = 0; from < rows.length; from += maxRows) {
    const piece = from === 0 ? token : `${token}#${from / maxRows}`;
    // `add` has put each row under its own table; the pair cannot be expressed for a table that is not known here.
    pieces.push({ table, rows: rows.slice(from, from + maxRows), token: piece } as Batch);
  }
  return pieces;
}
