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
  /** Topics' names in the cluster that the assignment's loop reads or may write. */
  readonly newClient: () => Client;
  readonly names: Names;
  readonly ends: DataEnds;
  readonly logger: Logger;
  readonly route: (records: readonly OutgoingRecord[]) => RoutedRecord[];
  readonly transactions: Omit<TransactionsOptions, 'client' | 'transactionalId'>;
  /** Whether the group still counts this process as the assignment's holder. */
  readonly confirm: () => Promise<boolean>;
}

/** Opens an assignment for one run of its loop, and closes it after. */
export class AssignmentHost {
  readonly #options: AssignmentHostOptions;

  constructor(options: AssignmentHostOptions) {
    this.#options = options;
  }

  /**
   * The order matters. First make sure that the assignment is ours; then take over its transactional id, which shuts out the holder before and ends what
   * that had open; only then are the committed positions right.
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
      if (!(await confirm())) throw busError('BUS_UNAVAILABLE', `group ${subscribe.group} does not answer`);
      if (revoked.aborted) return undefined;
      await transactions.init(revoked);
      const positions = await this.#positions(client);
      return revoked.aborted ? undefined : positions;
    } catch (error) {
      throw translate(error, `opening assignment ${partition} of group ${subscribe.group}`);
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
    // The group decides who holds the assignment: if it is still ours after being fenced, it is taken over anew.
    if (isFenced(failure))
      throw busError('BUS_UNAVAILABLE', `assignment ${partition} of group ${group} was taken over`, failure);
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
