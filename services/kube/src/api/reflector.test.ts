import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { resourceKinds } from '../resources/table.ts';
import { ApiServer, type WrongAnswers } from '../testing/api-server.ts';
import { kubeconfigOf } from '../testing/kubeconfig.ts';
import { type ReflectorOptions, runReflector } from './reflector.ts';
import { createTransport } from './transport.ts';

/** A busy machine may take its time. */
const soon = { timeout: 20_000 };

let stops: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const stop of stops.reverse()) await stop();
  stops = [];
});

interface Run {
  readonly server: ApiServer;
  /** Requests so far. */
  readonly seen: { readonly lists: number; readonly watches: number };
  /** Sizes of the lists that the sink took. */
  readonly listed: readonly number[];
  readonly waitsMs: readonly number[];
  readonly stop: () => Promise<void>;
}

/** Runs a reflector of pods that waits only in `waitsMs`, and ends after `maxWaits` of them. */
async function run(
  wrong: WrongAnswers,
  {
    over = {},
    from = '',
    maxWaits = 50,
  }: { readonly over?: Partial<ReflectorOptions>; readonly from?: string; readonly maxWaits?: number } = {},
): Promise<Run> {
  const server = await ApiServer.start();
  const kind = resourceKinds.find((entry) => entry.kind === 'Pod');
  if (kind === undefined) throw new Error('no pods');
  const seen = {
    watches: 0,
    get lists() {
      return server.requests.length - seen.watches;
    },
  };
  const { list, watch } = wrong;
  const countedWatch: typeof watch = (response, count) => {
    seen.watches = count;
    watch?.(response, count);
  };
  server.faults.wrongAnswers.set('pods', { ...(list && { list }), ...(watch && { watch: countedWatch }) });
  const stopping = new AbortController();
  const listed: number[] = [];
  const waitsMs: number[] = [];
  const wait = async (ms: number) => {
    waitsMs.push(ms);
    if (waitsMs.length >= maxWaits) stopping.abort();
  };
  const running = runReflector(
    {
      kind,
      transport: await createTransport({ kubeconfig: kubeconfigOf(server.url), context: '' }),
      signal: stopping.signal,
      sink: {
        listed: async (items) => void listed.push(items.length),
        changed: async () => {},
        deleted: async () => {},
        reached: async () => {},
      },
      listPageSize: 2,
      watchMs: 60_000,
      retryBaseMs: 100,
      retryMaxMs: 1600,
      random01: () => 0.5,
      wait,
      onState: () => {},
      ...over,
    },
    from,
  );
  const stop = async () => {
    stopping.abort();
    await running;
  };
  stops.push(() => server.stop(), stop);
  return { server, seen, listed, waitsMs, stop };
}

const send = (response: ServerResponse, body: unknown) => void response.end(`${JSON.stringify(body)}\n`);
const page = (token: string, pad = '') => ({
  metadata: { resourceVersion: '5', ...(token !== '' && { continue: token }) },
  items: [{ metadata: { name: 'a', uid: 'a', resourceVersion: '4' }, pad }],
});
const added = (resourceVersion: number) => ({
  type: 'ADDED',
  object: { metadata: { name: 'a', uid: 'a', resourceVersion: String(resourceVersion) } },
});

describe('a list without an end', () => {
  it.each([
    { name: 'the same page token', token: () => 'same', pages: 2 },
    { name: 'page tokens in a circle', token: (count: number) => `token-${count % 3}`, pages: 4 },
  ])('with $name is refused, with waits that grow', async ({ token, pages }) => {
    const { seen, waitsMs, listed } = await run(
      { list: (response, count) => send(response, page(token(count))) },
      { maxWaits: 6 },
    );
    await expect.poll(() => waitsMs, soon).toEqual([50, 100, 200, 400, 800, 800]);
    expect(seen.lists).toBe(6 * pages);
    expect(listed).toEqual([]);
  });

  it.each([
    { name: 'pages', limits: { maxPages: 3, maxPageChars: 1e6, maxListChars: 1e6 }, lists: 3 },
    { name: 'characters', limits: { maxPages: 1e6, maxPageChars: 1e6, maxListChars: 3500 }, lists: 4 },
    { name: 'characters of a page', limits: { maxPages: 1e6, maxPageChars: 900, maxListChars: 1e6 }, lists: 1 },
  ])('is left alone for five minutes after too many $name', async ({ limits, lists }) => {
    const states: string[] = [];
    const over: Partial<ReflectorOptions> = { listLimits: limits, onState: (state) => void states.push(state) };
    const list = (response: ServerResponse, count: number) => send(response, page(`token-${count}`, 'x'.repeat(900)));
    const { seen, waitsMs } = await run({ list }, { over, maxWaits: 1 });
    await expect.poll(() => waitsMs, soon).toEqual([300_000]);
    expect(seen.lists).toBe(lists);
    expect(states).toEqual(['unavailable']);
  });
});

describe('a watch', () => {
  it('whose line has no end is cut off, and after two of them everything is listed', async () => {
    let isClosed = 0;
    const chunk = Buffer.alloc(65_536, 'x');
    const watch = (response: ServerResponse) => {
      response.on('close', () => (isClosed += 1));
      const fill = () => {
        while (!response.closed && response.write(chunk));
      };
      response.on('drain', fill);
      fill();
    };
    const { seen, listed } = await run({ watch });
    await expect.poll(() => listed.length, soon).toBeGreaterThan(1);
    expect(seen.watches).toBeGreaterThan(1);
    await expect.poll(() => isClosed, soon).toBeGreaterThan(1);
  });

  it('skips events of a type that it does not know, also at a saved position', async () => {
    const watch = (response: ServerResponse, count: number) => {
      response.write(`${JSON.stringify({ type: 'SOMETHING', object: {} })}\n`);
      response.write(`${JSON.stringify(added(100 + count))}\n`);
    };
    const changed: unknown[] = [];
    const over: Partial<ReflectorOptions> = {
      sink: {
        listed: async () => {},
        changed: async (object) => void changed.push(object),
        deleted: async () => {},
        reached: async () => {},
      },
    };
    const { waitsMs } = await run({ watch }, { from: '3', over });
    await expect.poll(() => changed.length, soon).toBe(1);
    expect(waitsMs).toEqual([]);
  });

  it.each([{ from: '3' }, { from: '' }])(
    'that makes no sense twice is left for a list (from "$from")',
    async ({ from }) => {
      const { seen, listed, stop } = await run({ watch: (response) => send(response, { neither: 'nor' }) }, { from });
      await expect.poll(() => listed.length, soon).toBeGreaterThan(1);
      await stop();
      expect(seen.watches).toBeGreaterThanOrEqual(2);
    },
  );

  it.each([
    { name: 'without an event', body: () => '' },
    { name: 'after an old event', body: () => `${JSON.stringify(added(1))}\n` },
    { name: 'after a new event', body: (count: number) => `${JSON.stringify(added(1000 + count))}\n` },
  ])('that ends at once $name is opened again with waits that grow', async ({ body }) => {
    const watch = (response: ServerResponse, count: number) => void response.end(body(count));
    const { seen, waitsMs, listed } = await run({ watch }, { maxWaits: 6 });
    await expect.poll(() => waitsMs, soon).toEqual([50, 100, 200, 400, 800, 800]);
    expect(seen.watches).toBe(6);
    expect(listed).toEqual([0]);
  });

  it('that breaks at once after an event each is opened again with waits that grow', async () => {
    const watch = (response: ServerResponse, count: number) =>
      void response.write(`${JSON.stringify(added(1000 + count))}\n`, () => response.destroy());
    const { waitsMs } = await run({ watch }, { maxWaits: 6 });
    await expect.poll(() => waitsMs, soon).toEqual([50, 100, 200, 400, 800, 800]);
  });

  it('that lasted is opened again at once, and the next waits are short', async () => {
    let nowMs = 0;
    const changed = async () => {
      nowMs += 10_000;
    };
    const sink = { listed: async () => {}, changed, deleted: async () => {}, reached: async () => {} };
    const watch = (response: ServerResponse, count: number) =>
      void response.end(count === 4 || count === 5 ? `${JSON.stringify(added(1000 + count))}\n` : '');
    const { waitsMs } = await run({ watch }, { over: { sink, monotonicMs: () => nowMs }, maxWaits: 5 });
    await expect.poll(() => waitsMs, soon).toEqual([50, 100, 200, 50, 100]);
  });
});

describe('what came since an earlier run', () => {
  it('is left for a list when the server never ends that watch', async () => {
    let nowMs = 0;
    const changed: unknown[] = [];
    const listed: number[] = [];
    const sink = {
      listed: async (items: readonly unknown[]) => void listed.push(items.length),
      changed: async (object: unknown) => {
        changed.push(object);
        nowMs += 100_000;
      },
      deleted: async () => {},
      reached: async () => {},
    };
    const watch = (response: ServerResponse, count: number) => {
      if (count > 1) return;
      for (let version = 10; version < 20; version += 1) response.write(`${JSON.stringify(added(version))}\n`);
    };
    await run({ watch }, { from: '3', over: { sink, monotonicMs: () => nowMs } });
    await expect.poll(() => listed.length, soon).toBe(1);
    expect(changed.length).toBe(3);
  });

  it('is waited for, however long, while the server is away', async () => {
    let nowMs = 0;
    const states: string[] = [];
    const over: Partial<ReflectorOptions> = {
      monotonicMs: () => (nowMs += 200_000),
      onState: (state) => void states.push(state),
    };
    const watch = (response: ServerResponse) => void response.writeHead(500).end();
    const { seen, waitsMs } = await run({ watch }, { from: '3', over, maxWaits: 5 });
    await expect.poll(() => waitsMs.length, soon).toBe(5);
    expect([seen.lists, new Set(states)]).toEqual([0, new Set(['late'])]);
  });
});
