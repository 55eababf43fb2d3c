import type { Logger } from '@faultline/runtime';
import { busError } from '../../bus-error.ts';
import type { SourceTopicOptions } from '../../source-topic.ts';
import type { Client } from '../client.ts';
import type { DataEnds } from '../ends.ts';
import { translate } from '../failure.ts';
import type { MembershipView, PartitionHost } from '../group-member.ts';
import { fetchCommitted, listEnds } from '../offsets.ts';
import { PartitionReader } from '../partition-reader.ts';
import { isFenced } from '../transactions.ts';
import { KafkaSourceAssignment } from './assignment.ts';
import type { Committer, CommitterOf, OpenSource } from './commit.ts';

export interface SourceHostOptions {
  readonly source: SourceTopicOptions;
  readonly partition: number;
  readonly membership: MembershipView;
  readonly newClient: () => Client;
  readonly committerOf: CommitterOf;
  readonly ends: DataEnds;
  readonly logger: Logger;
}

/** Source topics have the same name everywhere. */
const sameNames = { topic: (name: string) => name };

/** Opens a partition of a source topic for one run of its loop and closes it afterwards. The order is that of `AssignmentHost`. */
export class SourceHost implements PartitionHost {
  readonly #options: SourceHostOptions;

  constructor(options: SourceHostOptions) {
    this.#options = options;
  }

  async runOnce(revoked: AbortSignal, onCommitted: () => void): Promise<void> {
    const { source, partition, membership, newClient, committerOf } = this.#options;
    const client = newClient();
    const open: OpenSource = { client, membership, partition, topic: source.topic, group: source.group };
    const committer = committerOf(open);
    try {
      const position = await this.#takeOver(open, committer, revoked);
      if (position !== undefined) await this.#run({ client, committer, position, revoked, onCommitted });
    } finally {
      client.close();
    }
  }

  async #takeOver(open: OpenSource, committer: Committer, revoked: AbortSignal): Promise<number | undefined> {
    const { group, topic, partition, membership } = open;
    try {
      if (!(await membership.confirm())) throw busError('BUS_UNAVAILABLE', `group ${group} does not respond`);
      if (revoked.aborted) return undefined;
      await committer.takeOver(revoked);
      const position = await this.#position(open, committer);
      return revoked.aborted ? undefined : position;
    } catch (error) {
      throw translate(error, `opening ${topic}/${partition} for group ${group}`);
    }
  }

  /** The next offset to handle. A start at the end is committed at once: what comes after it is not skipped by a restart. */
  async #position({ client, group, topic, partition }: OpenSource, committer: Committer): Promise<number> {
    const committed = await fetchCommitted(client, group, [{ topic, partitions: [partition] }]);
    const [ends] = await listEnds(client, topic, [partition]);
    const first = ends?.first ?? 0;
    const known = committed.get(`${topic}/${partition}`);
    if (known !== undefined) return this.#retained(known, first);
    if (this.#options.source.startAt === 'earliest') return first;
    const end = ends?.stableEnd ?? first;
    await committer.write({ records: [], offset: BigInt(end) });
    return end;
  }

  #retained(committed: number, first: number): number {
    const { logger, source, partition } = this.#options;
    if (committed >= first) return committed;
    logger.error('records of a source topic were removed before they were read; raise its retention', {
      topic: source.topic,
      partition,
      records: first - committed,
    });
    return first;
  }

  async #run(run: {
    readonly client: Client;
    readonly committer: Committer;
    readonly position: number;
    readonly revoked: AbortSignal;
    readonly onCommitted: () => void;
  }): Promise<void> {
    const { source, partition, ends, logger } = this.#options;
    const { client, committer, position, revoked, onCommitted } = run;
    const partitions = [{ topic: source.topic, partition, position }];
    const reader = new PartitionReader({ client, names: sameNames, ends, logger, partitions });
    const assignment = new KafkaSourceAssignment({ partition, reader, committer, signal: revoked, onCommitted });
    try {
      await source.run(assignment);
    } catch (error) {
      // The group decides who holds the partition. If it is still ours, the next run takes it over again.
      if (!isFenced(error)) throw error;
      throw busError('BUS_UNAVAILABLE', `${source.topic}/${partition} was taken over`, error);
    } finally {
      await assignment.settled();
      reader.close();
    }
  }
}
