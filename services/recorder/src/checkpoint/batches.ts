/** The rows of one checkpoint batch by table, and the tokens under which they are inserted. */
import type { Batch, RowOf, TableName } from '@faultline/store';

/** The store accepts 200,000 rows at once. A barrier may close more than that. */
const maxRows = 100_000;

export interface RowBuffer {
  add<Table extends TableName>(table: Table, rows: readonly RowOf[Table][]): void;
  /**
   * Returns batches in the order of the tables' first rows. `tokenOf` names the rows of a table; when they are split,
   * later pieces get a number.
   */
  batches(tokenOf: (table: TableName) => string): Batch[];
}

/** Creates an empty buffer. */
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
    // `add` stores each row under its own table, which the type of `Batch` cannot express for a variable table.
    pieces.push({ table, rows: rows.slice(from, from + maxRows), token: piece } as Batch);
  }
  return pieces;
}
