import { contentId, type Incident } from '@faultline/model';
import { secret } from '@faultline/runtime';
import { z } from 'zod';
import { type ChannelMessage, defineChannel, hasNote } from '../../channel.ts';
import { environmentsText } from '../../page/words.ts';
import { commonChannelKeys, httpChannelKeys, secretUrl } from '../common-config.ts';
import { createCallJson } from '../json-call.ts';

/** The release whose incident events have the version 0.2.0: https://cdevents.dev/docs/ */
const specVersion = '0.4.1';

export const cdeventsChannel = defineChannel({
  type: 'cdevents',
  title: 'CDEvents',
  schema: z.strictObject({
    type: z.literal('cdevents'),
    ...commonChannelKeys,
    url: secretUrl().describe('Address of the event broker.'),
    token: secret().nullable().default(null).describe('Bearer token. Null: none.'),
    ...httpChannelKeys,
  }),
  capabilities: { repeats: 'idempotent', updates: 'by-key', canThread: false, canNotifyAgain: true, hasActions: false },
  budget: { titleChars: 100, requestBytes: 64 * 1024 },
  levels: ['log', 'ticket', 'page'],
  rate: { spacingMs: 0, editSpacingMs: 0 },
  docs: {
    summary:
      'Events `incident.detected`, `incident.reported` and `incident.resolved` for delivery tools and metrics (DORA).',
    example: { url: 'https://broker.example.com/default' },
    setup: ['Point it at a broker that takes structured CloudEvents.'],
    limits: [
      'A first page is `detected`, another cause or acknowledgement is `reported`. The specification has no event for a reopening: it is `detected` again.',
    ],
    healthyAnswer: '',
  },
  createSend: (config, { http }) => {
    const call = createCallJson({ http, timeoutMs: config.timeoutMs });
    const auth = config.token === null ? {} : { authorization: `Bearer ${config.token.reveal()}` };
    const headers = { 'content-type': 'application/cloudevents+json', ...auth };
    return async (message, signal) => {
      await call({ url: config.url.reveal(), headers, body: eventOf(message) }, signal);
      return { messageId: message.incident.id, threadId: '' };
    };
  },
});

function predicateOf(message: ChannelMessage): 'detected' | 'reported' | 'resolved' {
  if (message.incident.status === 'resolved') return 'resolved';
  return message.action === 'send' || hasNote(message, 'reopened') ? 'detected' : 'reported';
}

/** A CDEvent inside a structured CloudEvent. A consumer drops a second event with the same source and id. */
function eventOf(message: ChannelMessage): object {
  const { page, incident, idempotencyKey } = message;
  const predicate = predicateOf(message);
  const source = new URL(page.link).origin;
  const id = contentId('cdevents', idempotencyKey);
  const type = `dev.cdevents.incident.${predicate}.0.2.0`;
  const timestamp = new Date(incident.updatedAtMs).toISOString();
  const subject = {
    id: incident.id,
    source,
    type: 'incident',
    content: { ...contentOf(message), ...(predicate === 'reported' ? { ticketURI: page.link } : {}) },
  };
  const customData = { cause: page.causeKey, severity: incident.severity, link: page.link };
  const data = {
    context: { version: specVersion, id, source, type, timestamp },
    subject,
    customData,
    customDataContentType: 'application/json',
  };
  return {
    specversion: '1.0',
    id,
    source,
    type,
    subject: incident.id,
    time: timestamp,
    datacontenttype: 'application/json',
    data,
  };
}

function contentOf({ page, incident }: ChannelMessage): object {
  const service = serviceOf(incident);
  return {
    description: page.headline,
    environment: { id: environmentsText(incident) },
    ...(service === '' ? {} : { service: { id: service } }),
  };
}

function serviceOf({ hypotheses, alerts }: Incident): string {
  const entity = alerts.find((alert) => alert.entity.startsWith('service:'))?.entity.slice('service:'.length);
  return hypotheses[0]?.path.at(-1) ?? entity ?? '';
}
