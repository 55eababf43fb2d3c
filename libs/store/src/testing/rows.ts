/** Rows and stores for the tests of this package. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '@faultline/runtime';
import { type StoreConfig, storeConfig } from '../config.ts';
import type { Store } from '../port.ts';
import type { Batch, GaugeRow, LogRow, SumRow, TraceRow } from '../rows.ts';
import { createStore } from '../store.ts';
import { withWindows } from './with-windows.ts';

/** A time at the start of a window. Recent, so that retention keeps it. */
export const baseMs = Math.floor(Date.now() / 3_600_000) * 3_600_000 - 7_200_000;

/** Used by this process in this hour only, so that tests may share a server. */
export const tenant = `t-${process.pid}-${baseMs}`;
const scope = { Tenant: tenant, Environment: 'e' };
const sender = { ...scope, ServiceName: 'cart', Instance: 'cart-1', Node: 'n1', Zone: 'z1' };

export function trace(atMs: number, row: Partial<TraceRow> = {}): TraceRow {
  return {
    ...sender,
    Timestamp: BigInt(Math.round(atMs)) * 1_000_000n,
    TraceId: '0af7651916cd43dd8448eb211c80319c',
    SpanId: 'b7ad6b7169203331',
    ParentSpanId: '',
    TraceState: '',
    SpanName: 'GET /cart',
    SpanKind: 'Server',
    ResourceAttributes: { 'service.name': 'cart' },
    ScopeName: '',
    ScopeVersion: '',
    SpanAttributes: {},
    Duration: 1_000_000n,
    StatusCode: 'Unset',
    StatusMessage: '',
    'Events.Timestamp': [],
    'Events.Name': [],
    'Events.Attributes': [],
    'Links.TraceId': [],
    'Links.SpanId': [],
    'Links.TraceState': [],
    'Links.Attributes': [],
    Operation: 'GET /cart',
    Version: '1',
    ...row,
  };
}

export function log(atMs: number, row: Partial<LogRow> = {}): LogRow {
  return {
    ...sender,
    Timestamp: BigInt(atMs) * 1_000_000n,
    TraceId: '',
    SpanId: '',
    TraceFlags: 0,
    SeverityText: 'INFO',
    SeverityNumber: 9,
    Body: 'hello',
    ResourceAttributes: {},
    ScopeName: '',
    ScopeVersion: '',
    LogAttributes: {},
    Template: 'h',
    ...row,
  };
}

export function gauge(atMs: number, row: Partial<GaugeRow> = {}): GaugeRow {
  return {
    ...sender,
    ResourceAttributes: {},
    ScopeName: '',
    ScopeVersion: '',
    MetricName: 'memory',
    MetricUnit: 'By',
    Attributes: {},
    StartTimeUnix: 0n,
    TimeUnix: BigInt(atMs) * 1_000_000n,
    Value: 1,
    ...row,
  };
}

export function counter(atMs: number, row: Partial<SumRow> = {}): SumRow {
  return { ...gauge(atMs), MetricName: 'requests', IsMonotonic: true, AggregationTemporality: 2, ...row };
}

export interface TestStore {
  /** Inserts windows and presence with raw rows, as the recorder does. */
  readonly store: Store;
  readonly folder: string;
  readonly config: StoreConfig;
  /** Closes the engine and opens it again on the same folder, like a restart of the process. */
  reopen(): Promise<Store>;
  close(): Promise<void>;
}

/**
 * A store of its own: a temporary folder, or the server that `FAULTLINE_TEST_CLICKHOUSE_URL` names. One at a time per
 * process.
 */
export async function openTestStore(settings: Partial<StoreConfig> = {}): Promise<TestStore> {
  const folder = await mkdtemp(join(tmpdir(), 'faultline-store-'));
  const config = storeConfig.parse({ folder, ...serverFromEnvironment(), ...settings });
  const start = async () => {
    const { value, stop } = await createStore(config, { logger: silentLogger, clock: Date.now }).start();
    return { value: { ...value, insert: (batches: readonly Batch[]) => value.insert(withWindows(batches)) }, stop };
  };
  let started = await start();
  return {
    get store() {
      return started.value;
    },
    folder,
    config,
    reopen: async () => {
      await started.stop();
      started = await start();
      return started.value;
    },
    close: async () => {
      await started.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function serverFromEnvironment(): { kind?: 'server'; url?: string } {
  const url = process.env['FAULTLINE_TEST_CLICKHOUSE_URL'];
  return url === undefined ? {} : { kind: 'server', url };
}

/** The batch of a number: the same in every process. */
export function crashBatch(number: number, atMs: number): Batch {
  const rows = Array.from({ length: 50 }, (_, index) =>
    trace(atMs + index, { Tenant: 'crash', SpanId: `${number}-${index}` }),
  );
  return { table: 'otel_traces', rows, token: `spans/0/${number}` };
}
