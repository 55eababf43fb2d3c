/** A signed, versioned webhook with one documented body. There are no templates: a receiver with another format needs an adapter. */
import { createHmac } from 'node:crypto';
import type { Clock } from '@faultline/runtime';
import type { Channel, ChannelMessage } from '../../channel.ts';
import { pageText } from '../../page/text.ts';
import { classifyStatus, post } from '../http-post.ts';
import type { WebhookConfig } from './config.ts';
import { incidentJson } from './incident-json.ts';

/** Rises when a field is removed or changes its meaning. New fields do not raise it. */
const schemaVersion = '1';

/** The channel. Receivers must drop a second request with the same Idempotency-Key. */
export function createWebhook(config: WebhookConfig, { clock }: { readonly clock: Clock }): Channel {
  const url = config.url.reveal();
  return {
    name: config.name,
    target: config.name,
    capabilities: { repeats: 'idempotent', canEdit: true },
    send: async (message, signal) => {
      const body = JSON.stringify(webhookBody(message));
      const timestamp = String(Math.floor(clock() / 1000));
      const headers = {
        'content-type': 'application/json',
        'idempotency-key': message.idempotencyKey,
        'x-faultline-timestamp': timestamp,
        'x-faultline-signature': sign(config.secret.reveal(), timestamp, body),
      };
      const { timeoutMs, dangerouslyAllowLinkLocal: allowLinkLocal } = config;
      const answer = await post({ url, headers, body, timeoutMs, allowLinkLocal, signal });
      const error = classifyStatus(new URL(url).host, answer);
      if (error !== null) throw error;
      return { messageId: message.messageId || message.idempotencyKey, threadId: '' };
    },
  };
}

/** `v1=` and the hex HMAC-SHA256 of `timestamp.body`. The receiver computes the same and compares in constant time. */
export function sign(secret: string, timestamp: string, body: string): string {
  return `v1=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`;
}

function webhookBody({ action, reason, page, incident }: ChannelMessage): Record<string, unknown> {
  return { schemaVersion, action, reason, page: { ...page, text: pageText(page) }, incident: incidentJson(incident) };
}
