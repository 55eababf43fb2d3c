/** A complete Faultline in a process of its own, which measures itself between two messages of its parent. */
import { mkdtempSync, rmSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, loadAppConfig, startApp } from '@faultline/all';
import { type EngineCounters, openProbe } from '@faultline/store/bench-counters';
import { anyPort } from '../client/any-port.ts';
import { type Stage, stageTimes } from './stages.ts';
import { difference, readThreadTimes, type ThreadTimes } from './thread-time.ts';

export type ToChild = 'begin' | 'unread' | 'end' | 'stop';

export interface Measured {
  readonly wallMs: number;
  readonly threads: ThreadTimes;
  /** Samples of the main thread, us by stage. They add up to the time that the main thread was busy. */
  readonly samples: Readonly<Record<Stage, number>>;
  readonly engine: EngineCounters;
  readonly residentMb: number;
}

export type FromChild =
  | { readonly kind: 'started'; readonly http: string; readonly otlp: string }
  | { readonly kind: 'begun' }
  /** Records that the recorder has not committed. */
  | { readonly kind: 'unread'; readonly records: number }
  | { readonly kind: 'measured'; readonly measured: Measured };

const samplingUs = 1_000;
const folder = mkdtempSync(join(tmpdir(), 'faultline-bench-profile-'));
const storeFolder = join(folder, 'store');
const folders = { bus: { folder: join(folder, 'log') }, store: { folder: storeFolder } };
const app = await startApp(loadAppConfig({ overrides: { ...anyPort, ...folders, log: { level: 'error' } } }));
const probe = await openProbe(storeFolder);
if (process.argv.includes('--without-views')) await probe.dropViews();
const send = (message: FromChild): void => void process.send?.(message);

async function unread({ bus }: App): Promise<number> {
  const topics = ['spans', 'logs', 'metrics'] as const;
  const counts = topics.map(async (topic) => {
    const committed = await bus.committed('recorder', topic);
    const offsets = await bus.offsets(topic);
    return offsets.reduce((sum, { partition, next }) => {
      const at = committed.find((position) => position.partition === partition)?.offset ?? 0n;
      return sum + Number(next - at);
    }, 0);
  });
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
}

async function startMeasuring(): Promise<() => Promise<Measured>> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: samplingUs });
  const before = await probe.counters();
  const cpu = process.cpuUsage();
  const threads = readThreadTimes();
  const beganMs = performance.now();
  await session.post('Profiler.start');
  return async () => {
    const { profile } = await session.post('Profiler.stop');
    const { user, system } = process.cpuUsage(cpu);
    const used = difference(threads, readThreadTimes(), user + system);
    const wallMs = performance.now() - beganMs;
    const after = await probe.counters();
    session.disconnect();
    const samples = stageTimes(profile);
    const residentMb = process.memoryUsage().rss / 1024 / 1024;
    return { wallMs, threads: used, samples, engine: since(before, after), residentMb };
  };
}

function since(before: EngineCounters, after: EngineCounters): EngineCounters {
  const names = Object.keys(after) as (keyof EngineCounters)[];
  const grown = names.map((name) => [name, after[name] - before[name]]);
  return { ...(Object.fromEntries(grown) as EngineCounters), activeParts: after.activeParts };
}

let finish: (() => Promise<Measured>) | null = null;

async function handle(message: ToChild): Promise<void> {
  if (message === 'begin') {
    finish = await startMeasuring();
    send({ kind: 'begun' });
  }
  if (message === 'unread') send({ kind: 'unread', records: await unread(app.value) });
  if (message === 'end' && finish !== null) send({ kind: 'measured', measured: await finish() });
  if (message === 'stop') {
    await probe.close();
    await app.stop();
    rmSync(folder, { recursive: true, force: true });
    process.exit();
  }
}

process.on('disconnect', () => process.exit());
process.on('message', (message: ToChild) => void handle(message));
const { http, otlpHttp } = app.value.addresses;
send({ kind: 'started', http, otlp: otlpHttp ?? '' });
