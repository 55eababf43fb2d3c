import type { ClickHouseClient } from '@clickhouse/client';
import { expect, it } from 'vitest';
import { openEngine } from './engine.ts';

it('a query whose turn comes after its deadline is refused, because nobody waits for it', async () => {
  const ran: string[] = [];
  let nowMs = 1_000;
  const query = async ({ query }: { query: string }) => {
    ran.push(query);
    // The first one takes longer than the second one may wait.
    nowMs += 2_000;
    return { json: async () => [] };
  };
  const client = { query, close: async () => {} } as unknown as ClickHouseClient;
  const open = () => client;
  const engine = await openEngine({ openReader: open, openWriter: open, readers: 1, writers: 1, clock: () => nowMs });
  const select = (sql: string, deadlineMs: number) => engine.select({ sql, params: {}, deadlineMs });
  const selected = await Promise.allSettled([select('slow', 9_000), select('late', 2_500), select('in time', 9_000)]);
  expect(ran).toEqual(['slow', 'in time']);
  expect(selected[1]).toMatchObject({ reason: { code: 'STORE_UNAVAILABLE', kind: 'transient' } });
  await engine.close();
});
