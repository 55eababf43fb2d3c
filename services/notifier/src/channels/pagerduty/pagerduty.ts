/**
 * PagerDuty: one incident for each of ours, through the Events API v2. Where another tool has already opened a PagerDuty incident for one of
 * the alerts, that incident is enriched and nobody is paged again.
 */
import type { Incident } from '@faultline/model';
import { formatReference } from '../../callbacks/reference.ts';
import { type ChannelMessage, defineChannel, type Receipt } from '../../channel.ts';
import { ChannelError } from '../../errors.ts';
import { createCallJson } from '../json-call.ts';
import { pagerdutyConfig, urlsOf } from './config.ts';
import { eventLimits, eventOf } from './event.ts';
import { createRest, type PagerdutyRest } from './rest.ts';
import { receiveWebhook } from './webhook.ts';

export const pagerdutyChannel = defineChannel({
  type: 'pagerduty',
  title: 'PagerDuty',
  schema: pagerdutyConfig,
  capabilities: {
    repeats: 'idempotent',
    updates: 'by-key',
    canThread: true,
    canNotifyAgain: false,
    hasActions: true,
  },
  budget: { titleChars: eventLimits.summaryChars, requestBytes: eventLimits.eventBytes },
  // 120 events a minute for each integration key.
  rate: { spacingMs: 500, editSpacingMs: 0 },
  docs: {
    summary:
      'One PagerDuty incident for each Faultline incident. Acknowledging and resolving work in both directions. An incident that another tool has opened gets a note with the cause instead, and nobody is paged twice.',
    example: {
      routingKey: { env: 'PAGERDUTY_ROUTING_KEY' },
      apiToken: { env: 'PAGERDUTY_API_TOKEN' },
      from: 'faultline@example.com',
      webhookSecret: { env: 'PAGERDUTY_WEBHOOK_SECRET' },
    },
    setup: [
      'Add an integration of the type *Events API v2* to a service, and use its key as `routingKey`.',
      'For enrichment, titles and notes, create a REST API key and set `apiToken` and `from`.',
      'For acknowledgements from PagerDuty, add a *Generic webhook (v3)* with the address `https://FAULTLINE/callbacks/NAME`, and use its secret as `webhookSecret`.',
      'For enrichment, add a second *Generic webhook (v3)* with the address `https://FAULTLINE/ingest/pagerduty` and the header `Authorization: Bearer TOKEN`. Or let the other tool also send its events to Faultline (`/v2/enqueue`), with the same `dedup_key`.',
    ],
    limits: [
      'PagerDuty notifies nobody again for an event with the same key. A cause that is found after the first page becomes the title and a note, which needs `apiToken`.',
      'PagerDuty accepts 120 events a minute for each key.',
    ],
    healthyAnswer: '{"status":"success","message":"Event processed","dedup_key":"k"}',
  },
  callback: receiveWebhook,
  createSend: (config, { http, warn }) => {
    const call = createCallJson({ http, timeoutMs: config.timeoutMs });
    const url = new URL('v2/enqueue', urlsOf(config).events).href;
    const token = config.apiToken?.reveal() ?? null;
    const rest = token === null ? null : createRest(config, token, call);
    /** What only adds to a page must not keep it from being sent. */
    const extra = async <Result>(work: Promise<Result>): Promise<Result | null> => {
      try {
        return await work;
      } catch (error) {
        if (!(error instanceof ChannelError) || error.kind === 'transient') throw error;
        warn(`${config.name}: the REST API of PagerDuty refused a request: ${error.message}`);
        return null;
      }
    };
    return async (message, signal) => {
      const existing = await existingIncident(message, rest, (work) => extra(work), signal);
      if (existing !== null && rest !== null) {
        if (needsNote(message)) await extra(rest.enrich(existing, message, signal));
        return existingReceipt(existing);
      }
      const event = { routing_key: config.routingKey.reveal(), ...eventOf(message) };
      await call({ url, body: event }, signal);
      if (rest !== null && message.action === 'edit' && message.isPushed) await extra(nameCause(rest, message, signal));
      return { messageId: formatReference(message.incident), threadId: '' };
    };
  },
});

const existingPrefix = 'pagerduty:';

function existingReceipt(id: string): Receipt {
  return { messageId: `${existingPrefix}${id}`, threadId: id };
}

/**
 * The PagerDuty incident that another tool opened: PagerDuty's webhook told its id, or it has the key of an alert. An incident that Faultline
 * paged itself stays on its own key.
 */
async function existingIncident(
  { messageId, incident }: ChannelMessage,
  rest: PagerdutyRest | null,
  extra: (work: Promise<string | null>) => Promise<string | null>,
  signal: AbortSignal,
): Promise<string | null> {
  if (messageId.startsWith(existingPrefix)) return messageId.slice(existingPrefix.length);
  if (rest === null || messageId !== '') return null;
  const [known] = incident.alerts.filter(isFiring).flatMap(({ labels }) => labels['pagerduty_incident'] ?? []);
  if (known !== undefined) return known;
  const keys = foreignKeys(incident);
  return keys.length === 0 ? null : extra(rest.find(keys, signal));
}

function isFiring({ status, source }: Incident['alerts'][number]): boolean {
  return source === 'pagerduty' && status === 'firing';
}

/** Deduplication keys of alerts that came in PagerDuty's format. Their sender may have paged PagerDuty with the same key. */
function foreignKeys({ alerts }: Incident): readonly string[] {
  return [...new Set(alerts.filter(({ source }) => source === 'pagerduty').map(({ fingerprint }) => fingerprint))];
}

/** The other tool resolves what it opened, so a note tells of the cause and the end only. */
function needsNote({ isPushed, page }: ChannelMessage): boolean {
  return isPushed || page.status === 'resolved';
}

/** An event with the same key only adds to PagerDuty's log, so the title and a note carry the cause. */
async function nameCause(rest: PagerdutyRest, message: ChannelMessage, signal: AbortSignal): Promise<void> {
  const id = await rest.find([formatReference(message.incident)], signal);
  if (id === null) return;
  await rest.setTitle(id, message.page.headline, signal);
  await rest.enrich(id, message, signal);
}
