import { expect, it } from 'vitest';
import type { Engine } from './engine.ts';
import { insertBatches, insertStatement } from './insert.ts';
import { crashBatch } from './testing/rows.ts';

/** An engine that records inserts and fails from the given one on. */
function notingEngine(failFrom = Number.POSITIVE_INFINITY) {
  const tokens: string[] = [];
  let running = 0;
  let atOnce = 0;
  const note = async (sql: string) => {
    running += 1;
    atOnce = Math.max(atOnce, running);
    await Promise.resolve();
    running -= 1;
    if (tokens.length >= failFrom) throw new Error('disk full');
    tokens.push(/insert_deduplication_token = '(.*)'/.exec(sql)?.[1] ?? '');
  };
  const engine: Pick<Engine, 'insert' | 'insertBlock'> = { insert: note, insertBlock: note };
  return { engine: engine as Engine, tokens, atOnce: () => atOnce };
}

const large = {
  ...crashBatch(7, 0),
  rows: Array.from({ length: 401 }, () => crashBatch(7, 0).rows).flat(),
} as ReturnType<typeof crashBatch>;

it('batches are inserted in order, one at a time, a large one in pieces with tokens of their own; an empty one is skipped', async () => {
  const { engine, tokens, atOnce } = notingEngine();
  await insertBatches(engine, [
    crashBatch(0, 0),
    { table: 'otel_logs', rows: [], token: 'none' },
    large,
    crashBatch(1, 0),
  ]);
  expect(tokens).toEqual(['spans/0/0', 'spans/0/7', 'spans/0/7#1', 'spans/0/1']);
  expect(atOnce()).toBe(1);
});

it('a failure stops the rest, and a repeat uses the same tokens', async () => {
  const failing = notingEngine(1);
  await expect(insertBatches(failing.engine, [crashBatch(0, 0), large])).rejects.toThrow('disk full');
  expect(failing.tokens).toEqual(['spans/0/0']);
  await expect(insertBatches(notingEngine(0).engine, [crashBatch(0, 0)])).rejects.toThrow('disk full');
});

it('a row that does not fit is refused after the write before it has ended', async () => {
  const { engine, tokens } = notingEngine();
  const bad = { ...crashBatch(1, 0), rows: [{ ...crashBatch(1, 0).rows[0], SpanKind: 7 }] } as unknown;
  const both = [crashBatch(0, 0), bad as ReturnType<typeof crashBatch>];
  await expect(insertBatches(engine, both)).rejects.toMatchObject({ code: 'STORE_REJECTED', kind: 'permanent' });
  expect(tokens).toEqual(['spans/0/0']);
});

it('a token is quoted', () => {
  expect(insertStatement('t', ['a'], "x'\\")).toContain("insert_deduplication_token = 'x\\'\\\\' FORMAT");
});
