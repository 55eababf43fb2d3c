import type { Batch } from '@faultline/store';
import { expect, it } from 'vitest';
import type { TelemetryRecord } from '../checkpoint/record-head.ts';
import { baseMs, type LogSpec, logRecord, spanRecord } from '../testing/block.ts';
import { type AfterEffect, crash, startHarness } from '../testing/harness.ts';
import { referenceSums, sumsOf } from '../testing/reference-join.ts';
import { pieces, randomFrom, randomTraces, shuffled } from '../testing/traces.ts';

const random = randomFrom(7);
const checkpointSize = randomFrom(8);
const spans = randomTraces(30, random);
const lines: readonly LogSpec[] = spans
  .filter((_, index) => index % 3 === 0)
  .map(({ service, id, trace }) => ({ service, span: id, ...(trace === undefined ? {} : { trace }), body: 'done' }));
const blocks = [
  ...pieces(shuffled(spans, random), 12, random).map((block, index) => ({ block, request: `r${index}` })),
];

/** Spans and lines over nine seconds, and every third span request repeated. */
const timeline: readonly (readonly TelemetryRecord[])[] = blocks.map(({ block, request }, index) => {
  const place = { offset: 0n, timestampMs: 0 };
  const own = spanRecord(block, { ...place, request });
  const logs = pieces(lines, 40, random)[index];
  return [own, ...(index % 3 === 0 ? [own] : []), ...(logs === undefined ? [] : [logRecord(logs, place)])];
});

/** Publishes at the times of the timeline while the recorder runs. Returns the content of the store at the end. */
async function play(afterEffect: AfterEffect, beforehand: number) {
  const harness = await startHarness(baseMs, (effect) => {
    // The next checkpoints are divided differently than before.
    harness.config.cutMaxItems = 1 + Math.floor(checkpointSize() * 80);
    afterEffect(effect);
  });
  const publish = async (step: readonly TelemetryRecord[]) => {
    await harness.publish(step);
    harness.clock.nowMs += Math.floor(9_000 / timeline.length);
  };
  for (const step of timeline.slice(0, beforehand)) await publish(step);
  const recorder = await harness.startRecorder();
  for (const step of timeline.slice(beforehand)) await publish(step);
  await harness.settle();
  await recorder.stop();
  const result = { batches: [...harness.stored.values()], ledger: await harness.ledger() };
  await harness.stop();
  return result;
}

const linesOf = (batches: readonly Batch[]) =>
  batches.reduce(
    (sum, { table, rows }) =>
      sum + (table === 'template_windows' ? rows.reduce((n, row) => n + ('Lines' in row ? row.Lines : 0), 0) : 0),
    0,
  );

const sentLines = timeline
  .flat()
  .filter(({ topic }) => topic === 'logs')
  .reduce((n, r) => n + Number(r.headers['items']), 0);
const repeated = blocks.filter((_, index) => index % 3 === 0).flatMap(({ block }) => block).length;

function expectExact({ batches, ledger }: Awaited<ReturnType<typeof play>>): void {
  expect(sumsOf(batches)).toEqual(referenceSums(spans));
  expect(linesOf(batches)).toBe(sentLines);
  const own = ledger.find(({ signal }) => signal === 'spans')?.totals;
  expect(own).toMatchObject({ recorded: spans.length, duplicates: repeated, deadLettered: 0 });
}

it('every span is recorded once, and a retry not at all', async () => {
  expectExact(await play(() => {}, 0));
  expectExact(await play(() => {}, timeline.length));
});

it.each(Array.from({ length: 40 }, (_, nth) => nth + 1))('a crash after effect %i changes nothing', async (nth) => {
  let effects = 0;
  const crashing = () => {
    effects++;
    if (effects === nth) throw crash();
  };
  expectExact(await play(crashing, nth % timeline.length));
  expect(effects).toBeGreaterThan(nth);
});

it('a crash after every few effects changes nothing', async () => {
  let left = 2;
  let period = 2;
  const crashing = () => {
    left--;
    if (left > 0) return;
    period = period === 9 ? 5 : 9;
    left = period;
    throw crash();
  };
  expectExact(await play(crashing, 3));
});
