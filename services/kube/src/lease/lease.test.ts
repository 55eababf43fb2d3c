import { silentLogger } from '@faultline/runtime';
import { afterEach, describe, expect, it } from 'vitest';
import { createTransport } from '../api/transport.ts';
import { ApiServer } from '../testing/api-server.ts';
import { kubeconfigOf } from '../testing/kubeconfig.ts';
import { decideLease, runElected } from './lease.ts';

const lease = (holderIdentity: string) => ({ metadata: { resourceVersion: '1' }, spec: { holderIdentity } });
const me = { holder: 'me', durationMs: 1000, nowMs: 5000 };

describe('a Lease', () => {
  it.each([
    ['is created where there is none', null, null, 'create'],
    ['is renewed by its holder', lease('me'), null, 'renew'],
    ['is taken when it was given back', lease(''), null, 'take'],
    ['is left to another that was seen for the first time', lease('you'), null, 'wait'],
    ['is left to another that renewed it lately', lease('you'), { version: '1', atMs: 4500 }, 'wait'],
    ['is left to another that renewed it since', lease('you'), { version: '0', atMs: 1000 }, 'wait'],
    ['is taken when it was not renewed for its whole time', lease('you'), { version: '1', atMs: 3999 }, 'take'],
  ] as const)('%s', (_what, known, seen, expected) => expect(decideLease(known, seen, me)).toBe(expected));
});

let stop: () => Promise<void> = async () => {};
afterEach(() => stop());

it('lets one of two processes lead, and the other after it ended', async () => {
  const server = await ApiServer.start();
  const transport = await createTransport({ kubeconfig: kubeconfigOf(server.url), context: '' });
  let nowMs = 0;
  const leading = new Set<string>();
  const begin = (holder: string) => {
    const stopping = new AbortController();
    const done = runElected(
      {
        transport,
        namespace: 'faultline',
        name: 'kube',
        holder,
        durationMs: 1000,
        clock: () => nowMs,
        logger: silentLogger,
        signal: stopping.signal,
        wait: () => new Promise((resolve) => setImmediate(resolve)),
      },
      async (signal) => {
        leading.add(holder);
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        leading.delete(holder);
      },
    );
    return async () => {
      stopping.abort();
      await done;
    };
  };
  const stopFirst = begin('first');
  await expect.poll(() => [...leading]).toEqual(['first']);
  const stopSecond = begin('second');
  stop = async () => {
    await stopSecond();
    await server.stop();
  };
  nowMs = 500;
  await expect.poll(() => server.requests.length).toBeGreaterThan(10);
  expect([...leading]).toEqual(['first']);
  await stopFirst();
  await expect
    .poll(() => {
      nowMs += 400;
      return [...leading];
    })
    .toEqual(['second']);
});

it('tells once why the Lease cannot be read', async () => {
  const server = await ApiServer.start();
  const transport = await createTransport({ kubeconfig: kubeconfigOf(server.url), context: '' });
  server.faults.fail = { status: 500, count: Number.POSITIVE_INFINITY };
  const stopping = new AbortController();
  const warnings: unknown[] = [];
  const seen: unknown[] = [];
  const done = runElected(
    {
      transport,
      namespace: 'faultline',
      name: 'kube',
      holder: 'me',
      durationMs: 1000,
      clock: () => 0,
      logger: { ...silentLogger, warn: (_, fields) => void warnings.push(fields) },
      signal: stopping.signal,
      wait: () => new Promise((resolve) => setImmediate(resolve)),
      onWaiting: (error) => void seen.push(error?.code),
    },
    async () => {},
  );
  stop = async () => {
    stopping.abort();
    await done;
    await server.stop();
  };
  await expect.poll(() => seen.length).toBeGreaterThan(3);
  expect(new Set(seen)).toEqual(new Set(['KUBE_UNAVAILABLE']));
  expect(warnings).toEqual([{ code: 'KUBE_UNAVAILABLE', reason: 'the Lease: the API server answered 500' }]);
});
