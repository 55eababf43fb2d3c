/** The first page of an incident, as the outbox hands it to a channel. */
import type { ChannelMessage } from '../channel.ts';
import { renderPage } from '../page/page.ts';
import { incident } from './incident.ts';

const pageOptions = { publicUrl: 'https://faultline.example.com', timeZone: 'UTC' };

export function firstMessage(extra: Partial<ChannelMessage> = {}): ChannelMessage {
  const held = extra.incident ?? incident();
  return {
    action: 'send',
    page: renderPage(held, pageOptions),
    incident: held,
    reason: 'first',
    isPushed: true,
    idempotencyKey: `${held.id}:t:first`,
    messageId: '',
    threadId: '',
    notes: [],
    maybeSent: false,
    ...extra,
  };
}
