/**
 * What each materialised view costs: processor time of one insert into its table, without views, then with one view
 * more at a time. So a view's price includes the part that it writes, but not that of views behind it.
 *
 * `npm run bench -- views [--rows 100,1000] [--rounds N] [--tables otel_traces,...]`
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { silentLogger, systemClock } from '@faultline/runtime';
import { type Batch, createStore, type Store, storeConfig } from '@faultline/store';
import { openProbe } from '@faultline/store/bench-counters';
import { captureRows } from '../view-cost/capture.ts';

const capturedSeconds = 20;

interface ViewCost {
  readonly table: string;
  readonly rows: number;
  /** Milliseconds of processor time for one insert: median over the rounds. */
  readonly insertMs: number;
  /** What each view adds, in the order in which they were added. */
  readonly views: Readonly<Record<string, number>>;
}

/** Prints one JSON line. */
export async function run(): Promise<readonly ViewCost[]> {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    options: {
      rows: { type: 'string', default: '100,1000' },
      rounds: { type: 'string', default: '7' },
      tables: { type: 'string', default: '' },
    },
  });
  const captured = await captureRows(capturedSeconds);
  const folder = mkdtempSync(join(tmpdir(), 'faultline-bench-views-'));
  const config = storeConfig.parse({ folder });
  const store = await createStore(config, { logger: silentLogger, clock: systemClock }).start();
  const probe = await openProbe(folder);
  const results: ViewCost[] = [];
  try {
    for (const [table, rows] of captured) {
      if (values.tables !== '' && !values.tables.split(',').includes(table)) continue;
      const views = await probe.viewsBehind(table);
      for (const count of values.rows.split(',').map(Number)) {
        const batch = { table, rows: rows.slice(0, count), token: '' } as Batch;
        const costs = await measure(store.value, probe, { batch, views, rounds: Number(values.rounds) });
        results.push({ table, rows: batch.rows.length, ...costs });
        console.error(JSON.stringify(results.at(-1)));
      }
    }
    console.log(JSON.stringify(results));
    return results;
  } finally {
    await probe.close();
    await store.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Measurement {
  readonly batch: Batch;
  readonly views: readonly string[];
  readonly rounds: number;
}

/** The numbers of views take turns, so that other work on the machine meets all of them. */
async function measure(
  store: Store,
  probe: Awaited<ReturnType<typeof openProbe>>,
  { batch, views, rounds }: Measurement,
): Promise<Pick<ViewCost, 'insertMs' | 'views'>> {
  const costs = Array.from({ length: views.length + 1 }, (): number[] => []);
  for (let round = 0; round <= rounds; round++)
    for (const [count, measured] of costs.entries()) {
      await probe.useViews(views.slice(0, count));
      const ms = await costOf(store, batch);
      // The first round warms up.
      if (round > 0) measured.push(ms);
    }
  await probe.useViews(null);
  const medians = costs.map(median);
  const added = views.map((view, index) => [view, round2((medians[index + 1] ?? 0) - (medians[index] ?? 0))]);
  return { insertMs: round2(medians[0] ?? 0), views: Object.fromEntries(added) };
}

const insertsAtOnce = 4;
let serial = 0;

/** Milliseconds of the whole process for one insert. Each has a token of its own, so none is taken for a repeat. */
async function costOf(store: Store, batch: Batch): Promise<number> {
  const before = process.cpuUsage();
  for (let index = 0; index < insertsAtOnce; index++) {
    serial += 1;
    await store.insert([{ ...batch, token: `bench/${serial}` }]);
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000 / insertsAtOnce;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;
}

const round2 = (value: number): number => Math.round(value * 100) / 100;
