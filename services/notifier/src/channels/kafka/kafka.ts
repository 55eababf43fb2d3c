import { secret } from '@faultline/runtime';
import { z } from 'zod';
import { formatReference } from '../../callbacks/reference.ts';
import { defineChannel } from '../../channel.ts';
import { ChannelError } from '../../errors.ts';
import { commonChannelKeys, httpChannelKeys } from '../common-config.ts';
import { basicAuth, createCallJson, listField, textField } from '../json-call.ts';
import { pageJson } from '../webhook/page-json.ts';

export const kafkaChannel = defineChannel({
  type: 'kafka',
  title: 'Kafka topic',
  schema: z.strictObject({
    type: z.literal('kafka'),
    ...commonChannelKeys,
    url: z.url({ protocol: /^https?$/ }).describe('Address of the REST proxy (Confluent) or bridge (Strimzi).'),
    topic: z
      .string()
      .regex(/^[\w.-]{1,249}$/)
      .describe('Topic.'),
    user: z.string().nullable().default(null).describe('User of Basic authentication. Null: none.'),
    password: secret().nullable().default(null).describe('Password of Basic authentication. Null: none.'),
    ...httpChannelKeys,
  }),
  capabilities: {
    repeats: 'idempotent',
    updates: 'in-place',
    canThread: false,
    canNotifyAgain: true,
    hasActions: false,
  },
  budget: { titleChars: 100, requestBytes: 1024 * 1024 },
  levels: ['log', 'ticket', 'page'],
  rate: { spacingMs: 0, editSpacingMs: 0 },
  docs: {
    summary:
      'Every page as a JSON record with the schema `docs/schemas/page-v1.schema.json`, keyed by incident, so that a compacted topic keeps the latest.',
    example: { url: 'http://kafka-bridge.example.com:8080/', topic: 'faultline-pages' },
    setup: [
      'Run the Kafka REST proxy (API v2) or the Strimzi bridge. Both take `POST /topics/TOPIC`.',
      'Consumers drop a second record with the same `id`.',
    ],
    limits: ['Records above the message limit of the topic are refused.'],
    healthyAnswer: '{"offsets":[{"partition":0,"offset":7}]}',
  },
  address: ({ topic }) => topic,
  createSend: (config, { http }) => {
    const call = createCallJson({ http, timeoutMs: config.timeoutMs });
    const url = new URL(`topics/${config.topic}`, config.url).href;
    const auth = config.user === null ? {} : { authorization: basicAuth(config.user, config.password?.reveal() ?? '') };
    const headers = {
      'content-type': 'application/vnd.kafka.json.v2+json',
      accept: 'application/vnd.kafka.v2+json',
      ...auth,
    };
    return async (message, signal) => {
      const records = [{ key: formatReference(message.incident), value: pageJson(message) }];
      const answer = await call({ url, headers, body: { records } }, signal);
      const [offset] = listField(answer, 'offsets');
      // The proxy answers 200 and reports what the brokers refused.
      if (textField(offset, 'error_code') !== '')
        throw new ChannelError(`${new URL(url).host}: error ${textField(offset, 'error_code')} of the broker`, {
          kind: textField(offset, 'error_code') === '1' ? 'permanent' : 'transient',
          maybeDelivered: true,
        });
      return { messageId: formatReference(message.incident), threadId: '' };
    };
  },
});
