import { type Logger, sleep } from '@faultline/runtime';
import type { SourceStatus, SourceSubscription, SourceTopicOptions } from '../../source-topic.ts';
import type { Client } from '../client.ts';
import { DataEnds } from '../ends.ts';
import { decideFailure, translate } from '../failure.ts';
import { GroupMember, type GroupMemberOptions } from '../group-member.ts';
import { protocolError } from '../kafkajs.ts';
import { fetchCommitted } from '../offsets.ts';
import { retrying } from '../retry.ts';
import type { CommitterOf } from './commit.ts';
import { SourceHost } from './host.ts';

export interface SourceTopicParts
  extends Pick<
    GroupMemberOptions,
    'sessionTimeoutMs' | 'heartbeatMs' | 'rebalanceTimeoutMs' | 'backoff' | 'handoverMs'
  > {
  readonly newClient: () => Client;
  readonly committerOf: CommitterOf;
  readonly logger: Logger;
  /** How often the partitions are counted, ms: while there are none, and later. */
  readonly lookEveryMs: { readonly missing: number; readonly known: number };
}

const unknownTopic = 3;

/** Reads a topic that others fill. It waits for a topic that does not exist, and follows one that gets more partitions. */
export class SourceTopic implements SourceSubscription {
  readonly #parts: SourceTopicParts;
  readonly #source: SourceTopicOptions;
  readonly #client: Client;
  readonly #ends = new DataEnds();
  readonly #stopping = new AbortController();
  #member: GroupMember | undefined;
  #partitions = 0;
  readonly done: Promise<void>;

  constructor(parts: SourceTopicParts, source: SourceTopicOptions) {
    this.#parts = parts;
    this.#source = source;
    this.#client = parts.newClient();
    this.done = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.done;
  }

  async status(): Promise<SourceStatus> {
    const { topic } = this.#source;
    try {
      const partitions = await this.#countPartitions();
      return {
        partitions,
        held: this.#member?.held.length ?? 0,
        lag: partitions === 0 ? 0 : await this.#lag(partitions),
      };
    } catch (error) {
      throw translate(error, `reading the state of topic ${topic}`);
    }
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await this.#follow();
      const { missing, known } = this.#parts.lookEveryMs;
      await sleep(this.#partitions === 0 ? missing : known, signal);
    }
    await this.#member?.stop();
    this.#client.close();
  }

  /** Joins the group once there are partitions, and again when their number changes. */
  async #follow(): Promise<void> {
    const { logger } = this.#parts;
    const { topic } = this.#source;
    try {
      const partitions = await this.#countPartitions();
      if (partitions === this.#partitions || this.#stopping.signal.aborted) return;
      logger.info('partitions of a source topic counted', { topic, partitions });
      await this.#member?.stop();
      this.#member = partitions === 0 ? undefined : this.#join(partitions);
      this.#partitions = partitions;
    } catch (error) {
      logger.warn('a source topic cannot be looked up; trying again', {
        topic,
        reason: translate(error, topic).message,
      });
    }
  }

  #join(partitionCount: number): GroupMember {
    const { newClient, committerOf, logger } = this.#parts;
    const source = this.#source;
    return new GroupMember({
      ...this.#parts,
      group: source.group,
      topics: [source.topic],
      partitionCount,
      maxPermanentFailures: Number.POSITIVE_INFINITY,
      hostOf: (partition, membership) =>
        new SourceHost({ source, partition, membership, newClient, committerOf, ends: this.#ends, logger }),
    });
  }

  /** Zero when there is no such topic. */
  async #countPartitions(): Promise<number> {
    const { budgetMs } = this.#client.settings;
    const { topicMetadata } = await retrying({ budgetMs, signal: this.#stopping.signal }, () =>
      this.#client.refresh([this.#source.topic]),
    );
    const [found] = topicMetadata;
    const code = found?.topicErrorCode ?? unknownTopic;
    if (code !== 0 && decideFailure(protocolError(code)) === 'denied') throw protocolError(code);
    return code === 0 ? (found?.partitionMetadata.length ?? 0) : 0;
  }

  async #lag(count: number): Promise<number> {
    const { topic, group, startAt } = this.#source;
    const partitions = Array.from({ length: count }, (_, partition) => partition);
    const committed = await fetchCommitted(this.#client, group, [{ topic, partitions }]);
    const ends = await this.#ends.of(this.#client, topic, partitions);
    const lagOf = ({ partition, first, next }: (typeof ends)[number]) => {
      const begin = startAt === 'earliest' ? first : next;
      return Math.max(0, next - Math.max(first, committed.get(`${topic}/${partition}`) ?? begin));
    };
    return ends.reduce((sum, one) => sum + lagOf(one), 0);
  }
}
