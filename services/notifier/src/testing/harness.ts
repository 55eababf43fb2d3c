/** A harness: a bus in memory, a scripted clock and a notifier. */
import { type Bus, createEmbeddedBus, type PartitionAssignment, type SubscribeOptions } from '@faultline/bus';
import { codecs, correlationKey, type Delivery, type Incident } from '@faultline/model';
import { Health, type Started, silentLogger } from '@faultline/runtime';
import type { Channel } from '../channel.ts';
import { notifierConfig } from '../config.ts';
import { createNotifier, type Notifier } from '../notifier.ts';

export interface Harness {
  readonly bus: Bus;
  readonly health: Health;
  nowMs: number;
  publish(...incidents: readonly Incident[]): Promise<void>;
  remove(incident: Incident): Promise<void>;
  deliveries(): Promise<readonly Delivery[]>;
  start(options: { channels: readonly Channel[]; config?: object; bus?: Bus }): Promise<Started<Notifier>>;
  close(): Promise<void>;
}

export async function createHarness(): Promise<Harness> {
  const started = await createEmbeddedBus({
    folder: ':memory:',
    partitions: { scope: 2, telemetry: 1 },
    maxRecordBytes: 1024 * 1024,
    logger: silentLogger,
    clock: Date.now,
    tuning: { groups: { backoff: { baseMs: 1, maxMs: 1 }, maxPermanentFailures: 100, handoverMs: 100 } },
  }).start();
  const bus: Bus = started.value;
  const partition = (incident: Incident) => bus.partitionOf('alerts', correlationKey(incident.scope));
  const harness: Harness = {
    bus,
    health: new Health(),
    nowMs: Date.UTC(2026, 2, 1, 14, 3),
    publish: (...incidents) =>
      bus.publish(
        incidents.map((incident) => ({
          topic: 'incidents',
          key: incident.id,
          partition: partition(incident),
          value: codecs.incident.encode(incident),
        })),
      ),
    remove: (incident) =>
      bus.publish([{ topic: 'incidents', key: incident.id, partition: partition(incident), value: null }]),
    deliveries: () => readDeliveries(bus),
    start: ({ channels, config = {}, bus: used = bus }) => {
      const parsed = notifierConfig.parse({
        channels: channels.map(({ name }) => ({ type: 'console', name })),
        retryBaseMs: 1000,
        ...config,
      });
      const { health } = harness;
      return createNotifier({
        bus: used,
        config: parsed,
        logger: silentLogger,
        clock: () => harness.nowMs,
        health,
        httpUrl: () => 'http://127.0.0.1:8080',
        random01: () => 0.5,
        channels,
      }).start();
    },
    close: () => started.stop(),
  };
  return harness;
}

async function readDeliveries(bus: Bus): Promise<readonly Delivery[]> {
  const latest = new Map<string, Delivery>();
  for (let partition = 0; partition < bus.partitionCount('deliveries'); partition++)
    for await (const { key, value } of bus.read({ topic: 'deliveries', partition, from: 0n })) {
      const decoded = value === null ? null : codecs.delivery.decode(value);
      if (decoded?.ok) latest.set(key, decoded.value);
      else latest.delete(key);
    }
  return [...latest.values()];
}

/** Waits for a condition that another task brings about; fails after five seconds. */
export async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const giveUpAt = performance.now() + 5000;
  while (!(await condition())) {
    if (performance.now() > giveUpAt) throw new Error(`waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** A bus whose commit with this number fails, before or after it is done, like a crash at that point. */
export function crashingBus(
  bus: Bus,
  { commit, done }: { commit: number; done: boolean },
): { bus: Bus; crashes: () => number } {
  let commits = 0;
  let crashes = 0;
  const wrap = (assignment: PartitionAssignment): PartitionAssignment => ({
    partition: assignment.partition,
    signal: assignment.signal,
    poll: (limit) => assignment.poll(limit),
    committed: (topic) => assignment.committed(topic),
    commit: async (work) => {
      commits += 1;
      if (commits !== commit) return assignment.commit(work);
      crashes += 1;
      if (done) await assignment.commit(work);
      throw new Error('crash');
    },
  });
  return {
    crashes: () => crashes,
    bus: new Proxy(bus, {
      get: (target, name) => {
        if (name === 'subscribe')
          return (options: SubscribeOptions) =>
            target.subscribe({ ...options, run: (assignment) => options.run(wrap(assignment)) });
        const value: unknown = Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    }),
  };
}
