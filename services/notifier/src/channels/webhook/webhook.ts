/** A signed, versioned webhook. Its body has a published schema, or is a template. */
import { createHmac } from 'node:crypto';
import { defineChannel } from '../../channel.ts';
import { classifyStatus } from '../http-client.ts';
import { webhookConfig } from './config.ts';
import { pageJson } from './page-json.ts';
import { fillTemplate } from './template.ts';

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
    summary:
      'Posts page and incident as signed JSON with the schema `docs/schemas/page-v1.schema.json`, or as a template.',
    example: { url: 'https://pager.example.com/hook', secret: { env: 'WEBHOOK_SECRET' } },
    setup: [
      'Verify `X-Faultline-Signature`: `v1=` and the hex HMAC-SHA256 of `X-Faultline-Timestamp`, a dot and the body.',
      'Refuse a timestamp that is older than five minutes.',
      'Drop a second request with the same `id`, which the signature covers. The header `Idempotency-Key` repeats it.',
    ],
    limits: [
      'A template has placeholders such as `{{page.headline}}` and no logic. Give it `{{id}}` for protection against recorded requests.',
    ],
    healthyAnswer: '{}',
  },
  createSend: (config, { clock, http }) => {
    const url = config.url.reveal();
    return async (message, signal) => {
      const page = pageJson(message);
      const body = JSON.stringify(config.template === null ? page : fillTemplate(config.template, page));
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
