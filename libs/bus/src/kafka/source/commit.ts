/** Two ways to commit, by whether the topic is in the cluster of Faultline's log. */
import { sleep } from '@faultline/runtime';
import { busError } from '../../bus-error.ts';
import type { Bus, OutgoingRecord } from '../../port.ts';
import type { RoutedRecord } from '../../routing.ts';
import type { SourceCommit } from '../../source-topic.ts';
import type { Client } from '../client.ts';
import { decideFailure, mayRetry, translate } from '../failure.ts';
import type { MembershipView } from '../group-member.ts';
import { type GroupPositions, Transactions, type TransactionsOptions } from '../transactions.ts';

/** A partition of a source topic, opened for one run of its loop. */
export interface OpenSource {
  readonly client: Client;
  readonly membership: MembershipView;
  readonly topic: string;
  readonly group: string;
  readonly partition: number;
}

/** Writes the commits of one partition. */
export interface Committer {
  /** Fences the former holder, where the cluster can. Called before the positions are read. */
  takeOver(signal: AbortSignal): Promise<void>;
  /** Rejects as `PartitionAssignment.commit` does. */
  write(commit: SourceCommit): Promise<void>;
}

export type CommitterOf = (open: OpenSource) => Committer;

export interface AtomicOptions {
  readonly transactions: Omit<TransactionsOptions, 'client' | 'transactionalId'>;
  /** No two Faultlines of one cluster may have the same. */
  readonly idPrefix: string;
  readonly route: (records: readonly OutgoingRecord[]) => RoutedRecord[];
}

/** Records and position in one transaction, for topics in the cluster of Faultline's log. */
export function atomicCommits({ transactions, idPrefix, route }: AtomicOptions): CommitterOf {
  return (open) => {
    const transactionalId = `${idPrefix}${open.group}-${open.topic}-${open.partition}`;
    const writer = new Transactions({ ...transactions, client: open.client, transactionalId });
    return {
      takeOver: (signal) => writer.init(signal),
      write: ({ records, offset }) => writer.write(route(records), positionsOf(open, offset)),
    };
  };
}

function positionsOf({ group, topic, partition }: OpenSource, offset: bigint): GroupPositions {
  return { group, topics: [{ topic, partitions: [{ partition, offset: String(offset), metadata: null }] }] };
}

/** First the records, then the position: for topics of any other cluster. */
export function separateCommits(bus: Pick<Bus, 'publish'>): CommitterOf {
  return (open) => ({
    takeOver: () => Promise.resolve(),
    write: async ({ records, offset }) => {
      if (records.length > 0) await bus.publish(records);
      await commitOffset(open, offset);
    },
  });
}

const pauseMs = 100;

/**
 * The group refuses a commit while it rebalances, and one with the number of the last rebalance. Both pass within
 * moments, so the commit is tried again with what the membership says then.
 */
async function commitOffset(open: OpenSource, offset: bigint): Promise<void> {
  const { client, group, membership } = open;
  const deadline = performance.now() + client.settings.budgetMs;
  const { topics } = positionsOf(open, offset);
  for (;;) {
    try {
      await client.callCoordinator('group', group, 'OffsetCommit', { groupId: group, ...membership.identity, topics });
      return;
    } catch (error) {
      const kind = decideFailure(error);
      const mayPass = mayRetry(kind) || kind === 'rebalance' || kind === 'member';
      if (!mayPass || performance.now() + pauseMs > deadline) throw refused(error, open);
      await sleep(pauseMs);
    }
  }
}

function refused(error: unknown, { topic, partition, group }: OpenSource) {
  const where = `committing the position of ${topic}/${partition} for group ${group}`;
  return decideFailure(error) === 'rebalance' ? busError('BUS_UNAVAILABLE', where, error) : translate(error, where);
}
