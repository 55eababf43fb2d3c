/** Calls, errors and durations of operations in 10 s windows, as spans arrive. */
import { bucketOf, type SpanKind } from '@faultline/model';
import { type OperationWindowRow, type TraceRow, windowStartMs } from '../rows.ts';
import { instanceKey, SenderTable } from './sender-table.ts';

type Writable<Row> = { -readonly [Key in keyof Row]: Row[Key] };
type Summed = Writable<Omit<OperationWindowRow, 'Duration'>> & { readonly durations: Map<number, number> };

const kinds: Readonly<Record<TraceRow['SpanKind'], SpanKind>> = {
  Unspecified: 'unspecified',
  Internal: 'internal',
  Server: 'server',
  Client: 'client',
  Producer: 'producer',
  Consumer: 'consumer',
};

export class OperationWindows {
  readonly #senders = new SenderTable<TraceRow, Map<string, Summed>>(instanceKey, () => new Map());

  add(row: TraceRow, atMs: number): void {
    const windows = this.#senders.get(row);
    const startMs = windowStartMs(atMs);
    const key = `${startMs}/${row.SpanKind}/${row.Version}\u0000${row.Operation}`;
    let window = windows.get(key);
    if (window === undefined) {
      window = emptyWindow(row, startMs);
      windows.set(key, window);
    }
    addSpan(window, row, atMs);
  }

  /** All rows so far, in the order in which their keys first appeared in each sender. */
  rows(): OperationWindowRow[] {
    return [...this.#senders.values()].flatMap((windows) =>
      [...windows.values()].map(({ durations, ...row }) => ({
        ...row,
        Duration: [...durations].sort(([a], [b]) => a - b),
      })),
    );
  }
}

function addSpan(window: Summed, row: TraceRow, atMs: number): void {
  window.Calls += 1;
  if (row.StatusCode === 'Error') window.Errors += 1;
  if (atMs > window.LastSeen) window.LastSeen = atMs;
  if (row.Node > window.Node) window.Node = row.Node;
  if (row.Zone > window.Zone) window.Zone = row.Zone;
  const bucket = bucketOf(Number(row.Duration) / 1_000);
  window.durations.set(bucket, (window.durations.get(bucket) ?? 0) + 1);
}

function emptyWindow(row: TraceRow, startMs: number): Summed {
  return {
    Tenant: row.Tenant,
    Environment: row.Environment,
    WindowStart: startMs,
    Service: row.ServiceName,
    Instance: row.Instance,
    Operation: row.Operation,
    Kind: kinds[row.SpanKind],
    Version: row.Version,
    Node: row.Node,
    Zone: row.Zone,
    Calls: 0,
    Errors: 0,
    SettledCalls: 0,
    OwnErrors: 0,
    Self: [],
    LastSeen: 0,
    durations: new Map(),
  };
}
