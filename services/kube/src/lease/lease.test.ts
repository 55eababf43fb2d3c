import { setImmediate } from 'node:timers/promises';
import { AppError, silentLogger } from '@faultline/runtime';
import { afterEach, describe, expect, it } from 'vitest';
import { createTransport, type Transport } from '../api/transport.ts';
import { ApiServer } from '../testing/api-server.ts';
import { kubeconfigOf } from '../testing/kubeconfig.ts';
import { decideLease, type LeaseOptions, runElected } from './lease.ts';

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

let stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.reverse()) await stop();
  stops = [];
});

/** Processes that elect one of them, on a clock that only `advance` moves. */
class Processes {
  readonly leading = new Set<string>();
  /** Processes whose requests fail. */
  readonly cutOff = new Set<string>();
  /** How far the clock of the machine is off, ms. */
  skewMs = 0;
  /** How often a process tried to get or renew the Lease. */
  tries = 0;
  readonly server: ApiServer;
  readonly #transport: Transport;
  #nowMs = 0;

  private constructor(server: ApiServer, transport: Transport) {
    this.server = server;
    this.#transport = transport;
  }

  static async start(): Promise<Processes> {
    const server = await ApiServer.start();
    stops.push(() => server.stop());
    return new Processes(server, await createTransport({ kubeconfig: kubeconfigOf(server.url), context: '' }));
  }

  /** Starts a process. The function that is returned stops it. */
  begin(holder: string, lead = this.#leadOf(holder), onWaiting?: LeaseOptions['onWaiting']): () => Promise<void> {
    const stopping = new AbortController();
    const transport: Transport = (request) => {
      if (this.cutOff.has(holder)) throw new AppError('KUBE_UNAVAILABLE', 'cut off', { kind: 'transient' });
      return this.#transport(request);
    };
    const done = runElected(
      {
        transport,
        namespace: 'faultline',
        name: 'kube',
        holder,
        durationMs: 1000,
        clock: () => this.#nowMs + this.skewMs,
        monotonicMs: () => this.#nowMs,
        logger: silentLogger,
        signal: stopping.signal,
        wait: async () => {
          this.tries += 1;
          await setImmediate();
        },
        ...(onWaiting && { onWaiting }),
      },
      lead,
    );
    const stop = async () => {
      stopping.abort();
      await done;
    };
    stops.push(() => stop().catch(() => {}));
    done.catch(() => {});
    return stop;
  }

  #leadOf(holder: string): (signal: AbortSignal) => Promise<void> {
    return async (signal) => {
      this.leading.add(holder);
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      this.leading.delete(holder);
    };
  }

  /** Moves the clock in steps, and lets each process look at the Lease some times at each step. Returns who led at each step. */
  async advance(ms: number, stepMs = 100): Promise<readonly string[]> {
    const seen: string[] = [];
    for (let passedMs = 0; passedMs < ms; passedMs += stepMs) {
      this.#nowMs += stepMs;
      await this.settle();
      seen.push([...this.leading].join('+'));
    }
    return seen;
  }

  async settle(): Promise<void> {
    const before = this.tries;
    await expect.poll(() => this.tries).toBeGreaterThan(before + 6);
  }
}

describe('of several processes', () => {
  it('one leads while it renews the Lease', async () => {
    const processes = await Processes.start();
    processes.begin('first');
    await expect.poll(() => [...processes.leading]).toEqual(['first']);
    processes.begin('second');
    expect(new Set(await processes.advance(1500, 300))).toEqual(new Set(['first']));
  });

  it('the next one leads at once when the first gives the Lease back', async () => {
    const processes = await Processes.start();
    const stopFirst = processes.begin('first');
    await expect.poll(() => [...processes.leading]).toEqual(['first']);
    processes.begin('second');
    await processes.settle();
    await stopFirst();
    await expect.poll(() => [...processes.leading]).toEqual(['second']);
  });

  it('one that is cut off stops before another one begins', async () => {
    const processes = await Processes.start();
    processes.begin('first');
    await expect.poll(() => [...processes.leading]).toEqual(['first']);
    processes.begin('second');
    await processes.settle();
    processes.cutOff.add('first');
    const seen = await processes.advance(2000);
    expect(seen.filter((led, at) => led !== seen[at - 1])).toEqual(['first', '', 'second']);
  });

  it('none changes when the clock of the machine jumps', async () => {
    const processes = await Processes.start();
    processes.begin('first');
    await expect.poll(() => [...processes.leading]).toEqual(['first']);
    processes.begin('second');
    await processes.settle();
    processes.cutOff.add('first');
    for (const skewMs of [3_600_000, -3_600_000]) {
      processes.skewMs = skewMs;
      await processes.settle();
      expect([...processes.leading]).toEqual(['first']);
    }
  });

  it('one whose Lease somebody gave to another stops', async () => {
    const processes = await Processes.start();
    const waiting: unknown[] = [];
    processes.begin('first', undefined, (error) => void waiting.push(error));
    await expect.poll(() => [...processes.leading]).toEqual(['first']);
    processes.server.giveLease('kube', 'second');
    await expect.poll(() => [...processes.leading]).toEqual([]);
    await expect.poll(() => waiting.at(-1)).toBeNull();
  });

  it('one that fails for good ends with its error, and the next one leads', async () => {
    const processes = await Processes.start();
    let terms = 0;
    const stopFirst = processes.begin('first', async () => {
      terms += 1;
      throw new Error('the log is full');
    });
    await expect.poll(() => terms).toBe(1);
    await expect(stopFirst()).rejects.toThrow('the log is full');
    processes.begin('second');
    await expect.poll(() => [...processes.leading]).toEqual(['second']);
  });
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
      wait: async () => void (await setImmediate()),
      onWaiting: (error) => void seen.push(error?.code),
    },
    async () => {},
  );
  stops.push(
    () => server.stop(),
    async () => {
      stopping.abort();
      await done;
    },
  );
  await expect.poll(() => seen.length).toBeGreaterThan(3);
  expect(new Set(seen)).toEqual(new Set(['KUBE_UNAVAILABLE']));
  expect(warnings).toEqual([{ code: 'KUBE_UNAVAILABLE', reason: 'the Lease: the API server answered 500' }]);
});
