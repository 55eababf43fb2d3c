import { sleep } from '@faultline/runtime';
import type { Client, LeaderClient } from './client.ts';
import { protocolError } from './kafkajs.ts';
import { retrying } from './retry.ts';

/** The offsets at which one partition begins and ends. */
export interface PartitionEnds {
  readonly partition: number;
  readonly first: number;
  /** The last stable offset: readers see records up to here. */
  readonly stableEnd: number;
  /** The high watermark: after everything acknowledged, open transactions included. */
  readonly end: number;
}

interface ListedOffsets {
  readonly responses: readonly {
    readonly topic: string;
    readonly partitions: readonly { readonly partition: number; readonly errorCode: number; readonly offset: string }[];
  }[];
}

const earliest = -2;
const latest = -1;
const isolation = { uncommitted: 0, committed: 1 };

/** Returns the ends of partitions of one topic, asked from their leaders with retries. */
export function listEnds(client: LeaderClient, topic: string, partitions: readonly number[]): Promise<PartitionEnds[]> {
  const { budgetMs } = client.settings;
  return retrying({ budgetMs, onFailure: (kind) => client.onFailure(kind) }, () => askEnds(client, topic, partitions));
}

async function askEnds(client: LeaderClient, topic: string, partitions: readonly number[]): Promise<PartitionEnds[]> {
  const byLeader = new Map<number, number[]>();
  for (const partition of partitions) {
    const leader = await client.leader(topic, partition);
    byLeader.set(leader, [...(byLeader.get(leader) ?? []), partition]);
  }
  const asking = [...byLeader].map(async ([node, own]) => {
    const ask = (timestamp: number, isolationLevel: number) =>
      askOffsets(client, node, { topic, partitions: own, timestamp, isolationLevel });
    const [firsts, stableEnds, ends] = await Promise.all([
      ask(earliest, isolation.committed),
      ask(latest, isolation.committed),
      ask(latest, isolation.uncommitted),
    ]);
    return own.map((partition) => ({
      partition,
      first: firsts.get(partition) ?? 0,
      stableEnd: stableEnds.get(partition) ?? 0,
      end: ends.get(partition) ?? 0,
    }));
  });
  return (await Promise.all(asking)).flat().sort((a, b) => a.partition - b.partition);
}

async function askOffsets(
  client: LeaderClient,
  node: number,
  {
    topic,
    partitions,
    timestamp,
    isolationLevel,
  }: { topic: string; partitions: readonly number[]; timestamp: number; isolationLevel: number },
): Promise<Map<number, number>> {
  const topics = [{ topic, partitions: partitions.map((partition) => ({ partition, timestamp })) }];
  const options = { replicaId: -1, isolationLevel, topics };
  const listed = (await client.call(node, 'ListOffsets', options, { raw: true })) as ListedOffsets;
  const found = listed.responses.flatMap((one) => one.partitions);
  for (const { errorCode } of found) if (errorCode !== 0) throw protocolError(errorCode);
  return new Map(found.map(({ partition, offset }) => [partition, Number(offset)]));
}

const settlePauseMs = { first: 2, longest: 50 };

/**
 * Like `listEnds`, but waits until the transactions that were open at the call have ended. Records acknowledged just
 * before the call are then visible. Waits at most `patienceMs`. `end` is that of the call, so `stableEnd` is below it
 * when a transaction is still open.
 */
export async function settledEnds(
  client: Client,
  topic: string,
  { partitions, patienceMs }: { readonly partitions: readonly number[]; readonly patienceMs: number },
): Promise<PartitionEnds[]> {
  const atCall = await listEnds(client, topic, partitions);
  const deadline = performance.now() + patienceMs;
  let now = atCall;
  const isOpen = () => now.some(({ stableEnd }, index) => stableEnd < (atCall[index]?.end ?? 0));
  for (let pauseMs = settlePauseMs.first; isOpen() && performance.now() < deadline; pauseMs *= 2) {
    await sleep(Math.min(pauseMs, settlePauseMs.longest));
    now = await listEnds(client, topic, partitions);
  }
  return now.map((ends, index) => ({ ...ends, end: atCall[index]?.end ?? ends.end }));
}

interface FetchedOffsets {
  readonly responses: readonly {
    readonly topic: string;
    readonly partitions: readonly { readonly partition: number; readonly offset: string; readonly errorCode: number }[];
  }[];
}

/** Returns the committed positions of a group by `topic/partition`. Partitions without a commit are left out. */
export async function fetchCommitted(
  client: Client,
  group: string,
  wanted: readonly { readonly topic: string; readonly partitions: readonly number[] }[],
): Promise<ReadonlyMap<string, number>> {
  const topics = wanted.map(({ topic, partitions }) => ({
    topic,
    partitions: partitions.map((partition) => ({ partition })),
  }));
  const options = { groupId: group, topics };
  const { responses } = (await client.retryCoordinator('group', group, 'OffsetFetch', options)) as FetchedOffsets;
  return new Map(
    responses
      .flatMap(({ topic, partitions }) =>
        partitions.map(({ partition, offset }) => [`${topic}/${partition}`, Number(offset)] as const),
      )
      .filter(([, offset]) => offset >= 0),
  );
}
