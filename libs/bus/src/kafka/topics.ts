import { topics } from '@faultline/model';
import { AppError, type Logger } from '@faultline/runtime';
import { busError, errorOf } from '../bus-error.ts';
import { failure } from '../failure.ts';
import { type PartitionCounts, partitionCountOf } from '../topic-layout.ts';
import type { Client } from './client.ts';
import { decideFailure, mayRetry, translate } from './failure.ts';
import { protocolError } from './kafkajs.ts';
import type { Names } from './names.ts';
import { retrying } from './retry.ts';
import { checkSettings, describeTopics } from './topic-check.ts';
import { type TopicRules, topicSettings } from './topic-settings.ts';

export interface TopicsOptions {
  readonly client: Client;
  readonly names: Names;
  readonly partitions: PartitionCounts;
  readonly rules: TopicRules;
  readonly logger: Logger;
}

const alreadyExists = 36;
const unknownTopic = 3;
const invalidReplicationFactor = 38;
const createTimeoutMs = 10_000;

/**
 * Creates missing topics. Several processes may do so at once. Rejects with BUS_PARTITIONS_CHANGED when a topic has
 * another number of partitions than configured, and with BUS_TOPICS_REFUSED when the cluster refuses to create one.
 */
export async function ensureTopics(options: TopicsOptions): Promise<void> {
  const { client } = options;
  try {
    const counts = await countPartitions(options);
    const missing = topics.filter(({ name }) => !counts.has(options.names.topic(name)));
    if (missing.length > 0) await createTopics(options, missing);
    await retrying({ budgetMs: client.settings.budgetMs, onFailure: () => client.forget() }, () => requireAll(options));
    if (missing.length < topics.length) await checkExisting(options, missing);
  } catch (error) {
    throw translate(error, 'creating topics');
  }
}

async function checkExisting({ client, names, partitions, rules, logger }: TopicsOptions, made: typeof topics) {
  const settings = await describeTopics(client, names);
  for (const spec of topics) {
    const found = settings.get(spec.name);
    if (found === undefined || made.includes(spec)) continue;
    const wanted = topicSettings(spec, partitionCountOf(spec.name, partitions), rules);
    checkSettings(names.topic(spec.name), { found, wanted, logger });
  }
}

/** Partition counts of existing topics, by name in the cluster. */
async function countPartitions({ client, names }: TopicsOptions): Promise<Map<string, number>> {
  const wanted = topics.map(({ name }) => names.topic(name));
  const { topicMetadata } = await retrying({ budgetMs: client.settings.budgetMs }, () => client.refresh(wanted));
  const failed = topicMetadata.find(
    ({ topicErrorCode: code }) => code !== 0 && !mayRetry(decideFailure(protocolError(code))),
  );
  if (failed !== undefined) throw protocolError(failed.topicErrorCode);
  return new Map(
    topicMetadata
      .filter(({ topicErrorCode }) => topicErrorCode !== unknownTopic)
      .map(({ topic, partitionMetadata }) => [topic, partitionMetadata.length]),
  );
}

async function createTopics({ client, names, partitions, rules, logger }: TopicsOptions, missing: typeof topics) {
  const asked = missing.map((spec) => {
    const numPartitions = partitionCountOf(spec.name, partitions);
    const settings = topicSettings(spec, numPartitions, rules);
    const configEntries = Object.entries(settings).map(([name, value]) => ({ name, value }));
    return { topic: names.topic(spec.name), numPartitions, replicationFactor: rules.replicationFactor, configEntries };
  });
  const options = { topics: asked, validateOnly: false, timeout: createTimeoutMs };
  const { topicErrors } = (await client.retryController('CreateTopics', options, { raw: true })) as {
    topicErrors: readonly { topic: string; errorCode: number; errorMessage: string | null }[];
  };
  for (const { topic, errorCode, errorMessage } of topicErrors) {
    if (errorCode === 0) logger.info('topic created', { topic });
    else if (errorCode !== alreadyExists) {
      const kind = decideFailure(protocolError(errorCode));
      if (kind !== 'other') throw protocolError(errorCode);
      const refused = failure('BUS_TOPICS_REFUSED', `${topic}: ${errorMessage ?? protocolError(errorCode).message}`);
      // Brokers of a cluster come up one after another, so the start may wait for the others.
      if (errorCode === invalidReplicationFactor)
        throw new AppError(refused.code, refused.message, { kind: 'transient' });
      throw errorOf(refused);
    }
  }
}

/** Checks that every topic exists, has its configured partitions, and has a leader for each. */
async function requireAll(options: TopicsOptions): Promise<void> {
  const { client, names, partitions } = options;
  await client.refresh();
  const counts = await countPartitions(options);
  for (const { name } of topics) {
    const wanted = partitionCountOf(name, partitions);
    const topic = names.topic(name);
    const count = counts.get(topic);
    if (count === undefined) throw protocolError(unknownTopic);
    if (count !== wanted)
      throw busError(
        'BUS_PARTITIONS_CHANGED',
        `topic ${topic} has ${count} partitions; the configuration says ${wanted}`,
      );
    for (let partition = 0; partition < count; partition += 1) await client.leader(topic, partition);
  }
}
