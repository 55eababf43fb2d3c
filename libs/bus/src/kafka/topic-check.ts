import { type TopicSpec, topics } from '@faultline/model';
import type { Logger } from '@faultline/runtime';
import { busError } from '../bus-error.ts';
import type { Client } from './client.ts';
import { protocolError } from './kafkajs.ts';
import type { Names } from './names.ts';

/** A topic's settings on the brokers, by Kafka's names. */
export type Settings = ReadonlyMap<string, string>;

interface Described {
  readonly resources: readonly {
    readonly errorCode: number;
    readonly resourceName: string;
    readonly configEntries: readonly { readonly configName: string; readonly configValue: string }[];
  }[];
}

const topicResource = 2;

/** Returns the settings of all topics, by our name. The topics must exist. */
export async function describeTopics(client: Client, names: Names): Promise<ReadonlyMap<TopicSpec['name'], Settings>> {
  const resources = topics.map(({ name }) => ({ type: topicResource, name: names.topic(name), configNames: [] }));
  const described = (await client.retryController('DescribeConfigs', { resources }, { raw: true })) as Described;
  const failed = described.resources.find(({ errorCode }) => errorCode !== 0);
  if (failed !== undefined) throw protocolError(failed.errorCode);
  return new Map(
    described.resources.map(({ resourceName, configEntries }) => [
      names.ours(resourceName),
      new Map(configEntries.map(({ configName, configValue }) => [configName, configValue])),
    ]),
  );
}

/**
 * Compares an existing topic with the settings it would be created with today. Throws BUS_TOPICS_REFUSED when it does
 * not accept our largest records. Any other difference may be intended, so it is only logged.
 */
export function checkSettings(
  topic: string,
  { found, wanted, logger }: { found: Settings; wanted: Readonly<Record<string, string>>; logger: Logger },
): void {
  const takes = Number(found.get('max.message.bytes'));
  const needed = Number(wanted['max.message.bytes']);
  if (takes < needed)
    throw busError(
      'BUS_TOPICS_REFUSED',
      `topic ${topic} has max.message.bytes ${takes}; it must be at least ${needed}`,
    );
  for (const [name, value] of Object.entries(wanted)) {
    const has = found.get(name);
    if (has !== undefined && has !== value && name !== 'max.message.bytes')
      logger.warn('a topic on the brokers has other settings than configured', {
        topic,
        setting: name,
        has,
        configured: value,
      });
  }
}
