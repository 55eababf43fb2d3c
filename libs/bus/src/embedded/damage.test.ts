import { closeSync, openSync, readdirSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Health, type Started } from '@faultline/runtime';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bytes, consume, textOf } from '../../contract/harness.ts';
import { createEmbeddedBus, type EmbeddedBus } from './index.ts';
import { scriptedClock, temporaryFolder, testOptions } from './testing.ts';

const clock = scriptedClock(1_700_000_000_000);
let folder: string;
let health: Health;

beforeEach(() => {
  folder = temporaryFolder();
  health = new Health();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const start = (): Promise<Started<EmbeddedBus>> => createEmbeddedBus({ ...testOptions(folder, clock), health }).start();
const span = (text: string) => ({ topic: 'spans', partition: 0, key: 'k', value: bytes(text) }) as const;
const segment = () => join(folder, 'telemetry/spans/0000000001.sqlite');
const names = () => readdirSync(join(folder, 'telemetry/spans')).filter((name) => !/-(wal|shm)$/.test(name));

/** Overwrites part of the segment with bytes that are no page. */
function damage({ from, to }: { from: number; to: number }): void {
  const file = openSync(segment(), 'r+');
  writeSync(file, Buffer.alloc(to - from, 0xa5), 0, to - from, from);
  closeSync(file);
}

/** Publishes 40 spans of 50 kB, consumes four of them, and stops. */
async function fill(): Promise<void> {
  const { value: bus, stop } = await start();
  for (let number = 0; number < 40; number += 1) await bus.publish([span(`${number} ${'x'.repeat(50_000)}`)]);
  await consume(bus, { group: 'g', topics: ['spans'], count: 40 });
  await bus.publish(Array.from({ length: 20 }, (_, number) => span(`later ${number} ${'x'.repeat(50_000)}`)));
  await stop();
}

test.each([
  ['its first page', () => ({ from: 0, to: 4_096 })],
  ['all pages after the first', () => ({ from: 65_536, to: statSync(segment()).size })],
  ['its last pages', () => ({ from: statSync(segment()).size - 400_000, to: statSync(segment()).size })],
])('a segment whose damage is in %s is set aside: the log starts, publishes and is consumed', async (_, where) => {
  await fill();
  damage(where());
  const { value: bus, stop } = await start();
  await bus.publish([{ topic: 'alerts', key: 'a', value: bytes('alert') }]);
  await bus.publish([span('after')]);
  const seen: string[] = [];
  const { promise: arrived, resolve } = Promise.withResolvers<void>();
  const subscription = bus.subscribe({
    group: 'g',
    topics: ['spans'],
    run: async (assignment) => {
      while (!assignment.signal.aborted) {
        const records = await assignment.poll({ maxRecords: 100, maxBytes: 10_000_000, waitMs: 20_000 });
        seen.push(...records.filter(({ partition }) => partition === 0).map((record) => String(textOf(record))));
        const last = records.at(-1);
        if (last !== undefined) {
          const { topic, partition, offset } = last;
          await assignment.commit({ records: [], positions: [{ topic, partition, offset: offset + 1n }] });
        }
        if (seen.includes('after')) resolve();
      }
    },
  });
  await Promise.race([arrived, subscription.done]);
  expect(names()).toEqual(['0000000001.sqlite.damaged', '0000000002.sqlite']);
  expect(health.report().parts['bus']).toMatchObject({ ok: false });
  expect(health.report().parts['bus']?.detail).toContain('telemetry/spans/0000000001.sqlite.damaged');
  // The marker says that something is missing, and carries the group to the end.
  expect(seen).toContain('null');
  await subscription.stop();
  const [end] = await bus.offsets('spans');
  expect((await bus.committed('g', 'spans')).find(({ partition }) => partition === 0)?.offset).toBe(end?.next);
  await stop();

  const again = await start();
  expect(health.report().parts['bus']?.ok).toBe(false);
  await again.value.publish([span('again')]);
  await again.stop();
});
