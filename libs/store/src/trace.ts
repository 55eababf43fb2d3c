/** The spans of the store. They name the part of a result that a query is for, never its text. */
import type { SpanBegin } from '@faultline/runtime';
import type { Batch } from './rows.ts';

/** One part of a result, including its wait for a free connection. */
export function partSpan(part: string): SpanBegin {
  const summary = `SELECT ${part}`;
  return {
    name: summary,
    kind: 'client',
    attributes: { 'db.system.name': 'clickhouse', 'db.operation.name': 'SELECT', 'db.query.summary': summary },
  };
}

/** All batches of one insert. */
export function insertSpan(batches: readonly Batch[]): SpanBegin {
  return {
    name: 'INSERT',
    kind: 'client',
    attributes: {
      'db.system.name': 'clickhouse',
      'db.operation.name': 'INSERT',
      'db.operation.batch.size': batches.reduce((sum, { rows }) => sum + rows.length, 0),
      'faultline.store.tables': batches.map(({ table }) => table),
    },
  };
}
