import { afterEach, beforeEach, expect, test } from 'vitest';
import { generous, onAssignment, positionsAfter, readAll, record, textOf } from '../../contract/harness.ts';
import type { EmbeddedBus } from './bus.ts';
import { createEmbeddedBus } from './index.ts';
import { scriptedClock, testOptions } from './testing.ts';

const day = 86_400_000;
const clock = scriptedClock(1_700_000_000_000);
let bus: EmbeddedBus;
let stop: () => Promise<void>;

beforeEach(async () => {
  const started = await createEmbeddedBus({ ...testOptions(':memory:', clock), telemetryMaxBytes: 1_000_000 }).start();
  bus = started.value;
  stop = started.stop;
});
afterEach(() => stop());

const assignment = { group: 'g', topics: ['spans'], partition: 0 } as const;
const span = { ...record('spans', 'k', 'x'.repeat(50_000)), partition: 0 };

async function commitAll(): Promise<void> {
  await onAssignment(bus, assignment, async (held) => {
    for (
      let records = await held.poll(generous);
      records.length > 0;
      records = await held.poll({ ...generous, waitMs: 0 })
    )
      await held.commit({ records: [], positions: positionsAfter(records) });
  });
}

async function publishUntilRefused(): Promise<number> {
  for (let count = 0; count < 1_000; count += 1) {
    const error: unknown = await bus.publish([span]).catch((cause: unknown) => cause);
    if (error === undefined) continue;
    expect(error).toMatchObject({ code: 'BUS_UNAVAILABLE', kind: 'transient' });
    return count;
  }
  return Number.POSITIVE_INFINITY;
}

test('a telemetry topic full of unhandled records refuses more until its consumer has caught up', async () => {
  await onAssignment(bus, assignment, async () => {});
  const taken = await publishUntilRefused();
  expect(taken).toBeGreaterThan(10);
  expect(taken).toBeLessThan(30);
  await bus.publish([record('alerts', 'k', 'never held up')]);
  clock.advance(day);
  await bus.maintain();
  expect(await readAll(bus, 'spans')).toHaveLength(taken);

  await commitAll();
  await bus.maintain();
  await bus.publish([span]);
  expect((await readAll(bus, 'spans')).length).toBeLessThan(taken);
});

test('without readers the oldest telemetry makes room for the newest', async () => {
  for (let count = 0; count < 100; count += 1) {
    clock.advance(60_000);
    await bus.publish([span]);
    await bus.maintain();
  }
  const [edges] = await bus.offsets('spans');
  expect(edges?.next).toBe(100n);
  expect(edges?.first).toBeGreaterThan(50n);
});

test('alerts that a group has not committed outlive their retention time', async () => {
  await bus.publish([record('alerts', 'k', 'old'), record('alerts', 'k', 'newest')]);
  const { partition } = { partition: bus.partitionOf('alerts', 'k') };
  await onAssignment(bus, { group: 'g', topics: ['alerts'], partition }, async () => {});
  clock.advance(30 * day);
  await bus.maintain();
  expect((await readAll(bus, 'alerts')).map(textOf)).toEqual(['old', 'newest']);
});

test('times do not fall when the clock is set back', async () => {
  await bus.publish([record('alerts', 'k', '1'), record('spans', 'k', '1')]);
  clock.advance(-60_000);
  await bus.publish([record('alerts', 'k', '2'), record('spans', 'k', '2')]);
  for (const topic of ['alerts', 'spans'] as const) {
    const [first, second] = await readAll(bus, topic);
    expect(second?.timestampMs).toBe(first?.timestampMs);
  }
});

test('records that arrive within the lag are not compacted', async () => {
  await bus.publish([record('state', 'k', '1'), record('state', 'k', '2')]);
  await bus.maintain();
  expect(await readAll(bus, 'state')).toHaveLength(2);
});
