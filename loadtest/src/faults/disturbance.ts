/** What is done to a cluster while a play goes on. Each gives its raw counts. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Cluster, ServiceName } from '../cluster/cluster.ts';
import type { World } from './world.ts';

export interface Scene {
  readonly world: World;
  readonly cluster: Cluster;
  /** Of the play. */
  readonly seconds: number;
  /** Aborted when everything was sent. */
  readonly over: AbortSignal;
  readonly say: (text: string) => void;
}

export type Disturbance = (scene: Scene) => Promise<Readonly<Record<string, number>>>;

export const quiet: Disturbance = async () => ({});

/** kill -9 of every process in turn, for as long as the play lasts. */
export const killInTurn =
  (everyMs: number): Disturbance =>
  async ({ cluster, over, say }) => {
    let kills = 0;
    for (let turn = 0; await waits(everyMs, over); turn++) {
      const instance = cluster.instances[turn % cluster.instances.length];
      if (instance === undefined) break;
      say(`kill -9 ${instance.name}`);
      instance.kill();
      kills += 1;
    }
    return { kills };
  };

/** kill -9 of one process of each service, one after another over the first two thirds of the play. */
export const killEachOnce =
  (services: readonly ServiceName[]): Disturbance =>
  async ({ cluster, seconds, over, say }) => {
    let kills = 0;
    for (const service of services) {
      if (!(await waits((seconds * 667) / services.length, over))) break;
      const [instance] = cluster.of(service);
      say(`kill -9 ${instance?.name}`);
      instance?.kill();
      kills += 1;
    }
    return { kills };
  };

/** Holds one process after another still for longer than its session: its partitions move, and it wakes as a zombie. */
export const freezeInTurn =
  (services: readonly ServiceName[], stillMs: number): Disturbance =>
  async ({ cluster, over, say }) => {
    let frozen = 0;
    for (const service of services) {
      // Not the first, which is the one that others kill.
      const instance = cluster.of(service).at(-1);
      if (over.aborted || instance === undefined) break;
      say(`${instance.name} is held still`);
      instance.freeze();
      frozen += 1;
      await waits(stillMs, over);
      instance.thaw();
      await waits(3_000, over);
    }
    return { frozen, stillMs };
  };

/** kill -9 of one broker after another, each started again: each leads a third of the partitions, and one of them the cluster. */
export const killBrokers =
  ({ count, downMs }: { readonly count: number; readonly downMs: number }): Disturbance =>
  async ({ world, seconds, over, say }) => {
    let brokerKills = 0;
    const brokers = world.kafka?.brokers ?? [];
    const everyMs = (seconds * 1000) / (count + 1);
    for (const broker of brokers.slice(0, count)) {
      if (!(await waits(Math.max(1_000, everyMs - downMs), over))) break;
      say(`kill -9 broker ${broker.id}`);
      await broker.kill();
      brokerKills += 1;
      await delay(downMs);
      await broker.start();
      say(`broker ${broker.id} is back`);
    }
    return { brokerKills, brokerDownMs: brokerKills * downMs };
  };

/** The store is killed a third into the play and comes back. */
export const stopStore =
  (downMs: number): Disturbance =>
  async ({ world, seconds, over, say }) => {
    if (!(await waits((seconds * 1000) / 3, over))) return { storeDownMs: 0 };
    say('ClickHouse goes');
    await world.clickhouse.kill();
    await delay(downMs);
    await world.clickhouse.start();
    say('ClickHouse is back');
    return { storeDownMs: downMs };
  };

/** One more correlator joins a quarter into the play and leaves after another quarter; then one joins and is killed for good. */
export const joinAndLeave: Disturbance = async ({ cluster, seconds, over, say }) => {
  let joined = 0;
  const quarterMs = seconds * 250;
  for (const patienceMs of [undefined, 0]) {
    if (!(await waits(quarterMs, over))) break;
    say('a correlator joins');
    const instance = await cluster.join('correlator');
    joined += 1;
    await waits(quarterMs, over);
    say('it leaves');
    await instance.stop(patienceMs);
  }
  return { joined, left: joined };
};

/** All of them at once. */
export const together =
  (...disturbances: readonly Disturbance[]): Disturbance =>
  async (scene) => {
    const counts = await Promise.all(disturbances.map((disturb) => disturb(scene)));
    return Object.assign({}, ...counts);
  };

/** False when the play was over before. */
async function waits(ms: number, over: AbortSignal): Promise<boolean> {
  await delay(ms, undefined, { signal: over }).catch(() => {});
  return !over.aborted;
}
