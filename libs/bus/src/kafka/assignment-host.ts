import type { TopicName } from '@faultline/model';
import type { Logger } from '@faultline/runtime';
import { busError } from '../bus-error.ts';
import type { OutgoingRecord, SubscribeOptions } from '../port.ts';
import type { RoutedRecord } from '../routing.ts';
import { KafkaAssignment } from './assignment.ts';
import type { Client } from './client.ts';
import type { DataEnds } from './ends.ts';
import { translate } from './failure.ts';
import type { Names } from './names.ts';
import { fetchCommitted, listEnds } from './offsets.ts';
import { PartitionReader } from './partition-reader.ts';
import { isFenced, Transactions, type TransactionsOptions } from './transactions.ts';

export interface AssignmentHostOptions {
  readonly subscribe: SubscribeOptions;
  readonly partition: number;
  /** Creates a client for one run of the loop. */
  readonly newClient: () => Client;
  readonly names: Names;
  readonly ends: DataEnds;
  readonly logger: Logger;
  readonly route: (records: readonly OutgoingRecord[]) => RoutedRecord[];
  readonly transactions: Omit<TransactionsOptions, 'client' | 'transactionalId'>;
  /** Whether the group still counts this process as the partition's holder. */
  readonly confirm: () => Promise<boolean>;
}

/** Opens a partition for one run of its loop and closes it afterwards. */
export class AssignmentHost {
  readonly #options: AssignmentHostOptions;

  constructor(options: AssignmentHostOptions) {
    this.#options = options;
  }

  /**
   * The order matters. First check that the group still assigns the partition to us. Then take over its transactional
   * id, which fences the former holder and ends its open transaction. Only then are the committed positions final.
   */
  async runOnce(revoked: AbortSignal, onCommitted: () => void): Promise<void> {
    const { subscribe, partition, newClient, names } = this.#options;
    const client = newClient();
    const transactionalId = names.transactionalId(subscribe.group, partition);
    const transactions = new Transactions({ ...this.#options.transactions, client, transactionalId });
    try {
      const positions = await this.#takeOver(client, transactions, revoked);
      if (positions !== undefined) await this.#run({ client, transactions, positions, revoked, onCommitted });
    } finally {
      client.close();
    }
  }

  async #takeOver(
    client: Client,
    transactions: Transactions,
    revoked: AbortSignal,
  ): Promise<ReadonlyMap<TopicName, bigint> | undefined> {
    const { subscribe, partition, confirm } = this.#options;
    try {
      if (!(await confirm())) throw busError('BUS_UNAVAILABLE', `group ${subscribe.group} does not respond`);
      if (revoked.aborted) return undefined;
      await transactions.init(revoked);
      const positions = await this.#positions(client);
      return revoked.aborted ? undefined : positions;
    } catch (error) {
      throw translate(error, `opening partition ${partition} for group ${subscribe.group}`);
    }
  }

  async #run(run: {
    readonly client: Client;
    readonly transactions: Transactions;
    readonly positions: ReadonlyMap<TopicName, bigint>;
    readonly revoked: AbortSignal;
    readonly onCommitted: () => void;
  }): Promise<void> {
    const { subscribe, partition } = this.#options;
    const { client, transactions, positions, revoked, onCommitted } = run;
    const ended = new AbortController();
    const from = subscribe.topics.map((topic) => ({ topic, partition, position: Number(positions.get(topic) ?? 0n) }));
    const reader = new PartitionReader({ ...this.#options, client, partitions: from });
    let failure: unknown;
    const onBroken = (error: unknown) => {
      failure ??= error;
      ended.abort();
    };
    const signal = AbortSignal.any([revoked, ended.signal]);
    const { group } = subscribe;
    const assignment = new KafkaAssignment({
      ...this.#options,
      group,
      positions,
      reader,
      transactions,
      signal,
      onCommitted,
      onBroken,
    });
    try {
      await subscribe.run(assignment);
    } catch (error) {
      failure ??= error;
    } finally {
      ended.abort();
      await assignment.settled();
      reader.close();
    }
    // The group decides who holds the partition. If it is still ours after being fenced, the next run takes it over
    // again.
    if (isFenced(failure))
      throw busError('BUS_UNAVAILABLE', `partition ${partition} of group ${group} was taken over`, failure);
    if (failure !== undefined) throw failure;
  }

  async #positions(client: Client): Promise<ReadonlyMap<TopicName, bigint>> {
    const { subscribe, partition, names } = this.#options;
    const wanted = subscribe.topics.map((topic) => ({ topic: names.topic(topic), partitions: [partition] }));
    const committed = await fetchCommitted(client, names.group(subscribe.group), wanted);
    const positions = subscribe.topics.map(async (topic) => {
      const name = names.topic(topic);
      const [ends] = await listEnds(client, name, [partition]);
      const first = ends?.first ?? 0;
      return [topic, BigInt(Math.max(first, committed.get(`${name}/${partition}`) ?? first))] as const;
    });
    return new Map(await Promise.all(positions));
  }
}
