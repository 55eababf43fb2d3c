/** Faults that are injected into a cluster while a workload runs. Each returns counts of what it did. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Cluster, ServiceName } from '../cluster/cluster.ts';
import type { SharedServers } from './servers.ts';

interface InjectionContext {
  readonly servers: SharedServers;
  readonly cluster: Cluster;
  /** Length of the workload. */
  readonly seconds: number;
  /** Aborted when everything was sent. */
  readonly done: AbortSignal;
  readonly log: (text: string) => void;
}

export type FaultInjection = (context: InjectionContext) => Promise<Readonly<Record<string, number>>>;

export const baseline: FaultInjection = async () => ({});

/** Kills every process in turn until the workload ends. */
export const killInstances =
  (everyMs: number): FaultInjection =>
  async ({ cluster, done, log }) => {
    let kills = 0;
    for (let turn = 0; await waitUnlessDone(everyMs, done); turn++) {
      const instance = cluster.instances[turn % cluster.instances.length];
      if (instance === undefined) break;
      log(`kill -9 ${instance.name}`);
      instance.kill();
      kills += 1;
    }
    return { kills };
  };

/** Kills one process of each service over the first two thirds of the workload. */
export const killEachOnce =
  (services: readonly ServiceName[]): FaultInjection =>
  async ({ cluster, seconds, done, log }) => {
    let kills = 0;
    for (const service of services) {
      if (!(await waitUnlessDone((seconds * 667) / services.length, done))) break;
      const [instance] = cluster.of(service);
      log(`kill -9 ${instance?.name}`);
      instance?.kill();
      kills += 1;
    }
    return { kills };
  };

/**
 * Stops processes with SIGSTOP for longer than their session timeout. Their partitions move, and they resume as
 * zombies.
 */
export const freezeInstances =
  (services: readonly ServiceName[], stillMs: number): FaultInjection =>
  async ({ cluster, done, log }) => {
    let frozen = 0;
    for (const service of services) {
      // The last one, because `killEachOnce` kills the first.
      const instance = cluster.of(service).at(-1);
      if (done.aborted || instance === undefined) break;
      log(`${instance.name} is stopped`);
      instance.freeze();
      frozen += 1;
      await waitUnlessDone(stillMs, done);
      instance.thaw();
      await waitUnlessDone(3_000, done);
    }
    return { frozen, stillMs };
  };

/**
 * Kills one broker after another and restarts each. Each leads a third of the partitions, and one leads the cluster.
 */
export const killBrokers =
  ({ count, downMs }: { readonly count: number; readonly downMs: number }): FaultInjection =>
  async ({ servers, seconds, done, log }) => {
    let brokerKills = 0;
    const brokers = servers.kafka?.brokers ?? [];
    const everyMs = (seconds * 1000) / (count + 1);
    for (const broker of brokers.slice(0, count)) {
      if (!(await waitUnlessDone(Math.max(1_000, everyMs - downMs), done))) break;
      log(`kill -9 of broker ${broker.id}`);
      await broker.kill();
      brokerKills += 1;
      await delay(downMs);
      await broker.start();
      log(`broker ${broker.id} is back`);
    }
    return { brokerKills, brokerDownMs: brokerKills * downMs };
  };

/** Kills the store after a third of the workload and restarts it. */
export const stopStore =
  (downMs: number): FaultInjection =>
  async ({ servers, seconds, done, log }) => {
    if (!(await waitUnlessDone((seconds * 1000) / 3, done))) return { storeDownMs: 0 };
    log('ClickHouse goes');
    await servers.clickhouse.kill();
    await delay(downMs);
    await servers.clickhouse.start();
    log('ClickHouse is back');
    return { storeDownMs: downMs };
  };

/**
 * After a quarter of the workload a correlator joins, and after another quarter it leaves. Then one joins and is killed
 * for good.
 */
export const joinAndLeave: FaultInjection = async ({ cluster, seconds, done, log }) => {
  let joined = 0;
  const quarterMs = seconds * 250;
  for (const timeoutMs of [undefined, 0]) {
    if (!(await waitUnlessDone(quarterMs, done))) break;
    log('a correlator joins');
    const instance = await cluster.join('correlator');
    joined += 1;
    await waitUnlessDone(quarterMs, done);
    log('it leaves');
    await instance.stop(timeoutMs);
  }
  return { joined, left: joined };
};

/** Runs all of them at the same time. */
export const allOf =
  (...injections: readonly FaultInjection[]): FaultInjection =>
  async (context) => {
    const counts = await Promise.all(injections.map((inject) => inject(context)));
    return Object.assign({}, ...counts);
  };

/** Returns false when the workload ended first. */
async function waitUnlessDone(ms: number, done: AbortSignal): Promise<boolean> {
  await delay(ms, undefined, { signal: done }).catch(() => {});
  return !done.aborted;
}
