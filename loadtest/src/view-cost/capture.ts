/** The rows that a recorder writes for a load, by table. Nothing is stored: the recorder's store only collects. */
import { createEmbeddedBus } from '@faultline/bus';
import { createIngest, ingestConfig } from '@faultline/ingest';
import { createRecorder, recorderConfig } from '@faultline/recorder';
import { authConfig, createAuthenticator, Health, silentLogger, sleep, systemClock } from '@faultline/runtime';
import type { Batch, Row, TableName } from '@faultline/store';
import { compressed, sendAll } from '../profile/send.ts';
import { drawSystemLoad } from '../profile/system-load.ts';

const agents = 4;
/** Trace sessions close after this time, so that their windows are collected, too. */
const settleMs = 1_000;
const pollMs = 100;

/** Plays `seconds` of the system of 60 services through ingest and recorder. */
export async function captureRows(seconds: number): Promise<ReadonlyMap<TableName, readonly Row[]>> {
  const shared = { logger: silentLogger, clock: systemClock, health: new Health() };
  const partitions = { scope: 1, telemetry: 1 };
  const bus = await createEmbeddedBus({ folder: ':memory:', partitions, maxRecordBytes: 1_000_000, ...shared }).start();
  const ingest = await createIngest({
    ...{ ...shared, bus: bus.value, authenticator: createAuthenticator(authConfig.parse({})) },
    config: ingestConfig.parse({ otlpGrpc: { port: 0 }, otlpHttp: { port: 0 } }),
  }).start();
  const rows = new Map<TableName, Row[]>();
  const recorder = await createRecorder({
    ...{ ...shared, bus: bus.value, store: collector(rows) },
    config: recorderConfig.parse({ settleMs, cutMaxAgeMs: 100, cutQuietAgeMs: 100, quietInsertsPerSecond: 1e6 }),
  }).start();
  const { requests } = drawSystemLoad(seconds, Date.now());
  await sendAll(`http://127.0.0.1:${ingest.value.ports.otlpHttp}`, compressed(requests), agents);
  await untilQuiet(rows);
  await recorder.stop();
  await ingest.stop();
  await bus.stop();
  return rows;
}

function collector(rows: Map<TableName, Row[]>): { insert(batches: readonly Batch[]): Promise<void> } {
  return {
    insert: async (batches) => {
      for (const { table, rows: added } of batches) rows.set(table, [...(rows.get(table) ?? []), ...added]);
    },
  };
}

/** Waits until no row has come for longer than sessions take to close. */
async function untilQuiet(rows: ReadonlyMap<TableName, readonly Row[]>): Promise<void> {
  const count = () => [...rows.values()].reduce((sum, { length }) => sum + length, 0);
  let quietMs = 0;
  for (let known = -1; quietMs < settleMs * 4; known = count()) {
    await sleep(pollMs);
    quietMs = count() === known ? quietMs + pollMs : 0;
  }
}
