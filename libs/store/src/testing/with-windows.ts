/** The windows and presence of raw rows, as the recorder writes them. */
import type { Batch } from '../rows.ts';
import { createWindowAggregate } from '../windows/aggregate.ts';

/** Appends them. Their token is that of the batch whose rows they sum, so a repeat of any of the batches counts once. */
export function withWindows(batches: readonly Batch[]): Batch[] {
  return [...batches, ...batches.flatMap(windowsOf)];
}

function windowsOf(batch: Batch): Batch[] {
  const aggregate = createWindowAggregate();
  if (batch.table === 'otel_traces') aggregate.spans(batch.rows);
  else if (batch.table === 'otel_logs') aggregate.logs(batch.rows);
  else if (isPoints(batch)) aggregate.points(batch.rows);
  const { operation_windows, metric_windows, presence } = aggregate.rows();
  const token = `${batch.token}/${batch.table}`;
  const derived: Batch[] = [
    { table: 'operation_windows', rows: operation_windows, token },
    { table: 'metric_windows', rows: metric_windows, token },
    { table: 'presence', rows: presence, token },
  ];
  return derived.filter(({ rows }) => rows.length > 0);
}

type PointBatch = Extract<Batch, { table: `otel_metrics_${string}` }>;

function isPoints(batch: Batch): batch is PointBatch {
  return batch.table.startsWith('otel_metrics');
}
