/** What is done to a cluster while a workload goes on. Each gives its raw counts. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Cluster, ServiceName } from '../cluster/cluster.ts';
import type { SharedServers } from './servers.ts';

export interface InjectionContext {
  readonly servers: SharedServers;
  readonly cluster: Cluster;
  /** Of the workload. */
  readonly seconds: number;
  /** Aborted when everything was sent. */
  readonly done: AbortSignal;
  readonly log: (text: string) => void;
}

export type FaultInjection = (context: InjectionContext) => Promise<Readonly<Record<string, number>>>;

export const baseline: FaultInjection = async () => ({});

/** kill -9 of every process in turn, for as long as the workload lasts. */
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

/** kill -9 of one process of each service, one after another done the first two thirds of the workload. */
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

/** Holds one process after another still for longer than its session: its partitions move, and it wakes as a zombie. */
export const freezeInstances =
  (services: readonly ServiceName[], stillMs: number): FaultInjection =>
  async ({ cluster, done, log }) => {
    let frozen = 0;
    for (const service of services) {
      // Not the first, which is the one that others kill.
      const instance = cluster.of(service).at(-1);
      if (done.aborted || instance === undefined) break;
      log(`${instance.name} is held still`);
      instance.freeze();
      frozen += 1;
      await waitUnlessDone(stillMs, done);
      instance.thaw();
      await waitUnlessDone(3_000, done);
    }
    return { frozen, stillMs };
  };

/** kill -9 of one broker after another, each started again: each leads a third of the partitions, and one of them the cluster. */
export const killBrokers =
  ({ count, downMs }: { readonly count: number; readonly downMs: number }): FaultInjection =>
  async ({ servers, seconds, done, log }) => {
    let brokerKills = 0;
    const brokers = servers.kafka?.brokers ?? [];
    const everyMs = (seconds * 1000) / (count + 1);
    for (const broker of brokers.slice(0, count)) {
      if (!(await waitUnlessDone(Math.max(1_000, everyMs - downMs), done))) break;
      log(`kill -9 broker ${broker.id}`);
      await broker.kill();
      brokerKills += 1;
      await delay(downMs);
      await broker.start();
      log(`broker ${broker.id} is back`);
    }
    return { brokerKills, brokerDownMs: brokerKills * downMs };
  };

/** The store is killed a third into the workload and comes back. */
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

/** One more correlator joins a quarter into the workload and leaves after another quarter; then one joins and is killed for good. */
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

/** All of them at once. */
export const allOf =
  (...injections: readonly FaultInjection[]): FaultInjection =>
  async (context) => {
    const counts = await Promise.all(injections.map((inject) => inject(context)));
    return Object.assign({}, ...counts);
  };

/** False when the workload was done before. */
async function waitUnlessDone(ms: number, done: AbortSignal): Promise<boolean> {
  await delay(ms, undefined, { signal: done }).catch(() => {});
  return !done.aborted;
}
