/** A signed, versioned webhook with one documented body. */
import { createHmac } from 'node:crypto';
import { type ChannelMessage, defineChannel } from '../../channel.ts';
import { pageText } from '../../page/text.ts';
import { classifyStatus } from '../http-client.ts';
import { webhookConfig } from './config.ts';
import { incidentJson } from './incident-json.ts';

/** Rises when a field is removed or changes its meaning. New fields do not raise it. */
const schemaVersion = '1';

/** The channel. Receivers must drop a second request with the same Idempotency-Key. */
export const webhookChannel = defineChannel({
  type: 'webhook',
  title: 'Webhook',
  schema: webhookConfig,
  capabilities: {
    repeats: 'idempotent',
    updates: 'in-place',
    canThread: false,
    canNotifyAgain: true,
    hasActions: false,
  },
  budget: { titleChars: 100, requestBytes: 4 * 1024 * 1024 },
  rate: { spacingMs: 0, editSpacingMs: 0 },
  docs: {
    summary: 'Posts the whole incident as signed JSON, for receivers that you write yourself.',
    example: { url: 'https://pager.example.com/hook', secret: { env: 'WEBHOOK_SECRET' } },
    setup: [
      'Verify `X-Faultline-Signature`: `v1=` and the hex HMAC-SHA256 of `X-Faultline-Timestamp`, a dot and the body.',
      'Refuse a timestamp that is older than five minutes.',
      'Drop a second request with the same `Idempotency-Key`.',
    ],
    limits: [],
    healthyAnswer: '{}',
  },
  createSend: (config, { clock, http }) => {
    const url = config.url.reveal();
    return async (message, signal) => {
      const body = JSON.stringify(webhookBody(message));
      const timestamp = String(Math.floor(clock() / 1000));
      const headers = {
        'content-type': 'application/json',
        'idempotency-key': message.idempotencyKey,
        'x-faultline-timestamp': timestamp,
        'x-faultline-signature': sign(config.secret.reveal(), timestamp, body),
      };
      const { timeoutMs, dangerouslyAllowLinkLocal: allowLinkLocal } = config;
      const answer = await http.request({ url, headers, body, timeoutMs, allowLinkLocal, signal });
      const error = classifyStatus(new URL(url).host, answer);
      if (error !== null) throw error;
      return { messageId: message.messageId || message.idempotencyKey, threadId: '' };
    };
  },
});

/** `v1=` and the hex HMAC-SHA256 of `timestamp.body`. The receiver computes the same and compares in constant time. */
export function sign(secret: string, timestamp: string, body: string): string {
  return `v1=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`;
}

function webhookBody({ action, reason, isPushed, page, incident }: ChannelMessage): Record<string, unknown> {
  const { mentions: _mentions, ...shown } = page;
  return {
    schemaVersion,
    action,
    reason,
    isPushed,
    page: { ...shown, text: pageText(page) },
    incident: incidentJson(incident),
  };
}
