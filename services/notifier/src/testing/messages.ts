/** Messages as the outbox makes them. */
import type { ChannelMessage, NoteKind, Receipt } from '../channel.ts';
import { firstMessage } from './first-message.ts';
import { incident, resolved } from './incident.ts';

/** An edit after `receipt`: the cause was found. People are notified. */
export function causeFound(receipt: Receipt, extra: Partial<ChannelMessage> = {}): ChannelMessage {
  return editOf(receipt, { reason: 'cause-changed', isPushed: true, ...extra });
}

/** A silent edit with more alerts. */
export function revised(receipt: Receipt): ChannelMessage {
  return editOf(receipt, { incident: incident({ revision: 4, alertCount: 77 }), reason: 'revised' });
}

export function acknowledged(receipt: Receipt): ChannelMessage {
  return editOf(receipt, { incident: incident({ revision: 5, status: 'acknowledged' }), reason: 'acknowledged' });
}

export function over(receipt: Receipt): ChannelMessage {
  return editOf(receipt, { incident: resolved(9), reason: 'resolved' });
}

function editOf(receipt: Receipt, extra: Partial<ChannelMessage>): ChannelMessage {
  const message = firstMessage({ action: 'edit', isPushed: false, ...receipt, ...extra });
  const { reason, isPushed, page, incident: held } = message;
  const isNote = reason !== 'revised';
  return {
    ...message,
    idempotencyKey: `${held.id}:t:${held.revision}:${reason}`,
    notes: isNote ? [{ kind: reason as NoteKind, text: page.headline, isPushed }] : [],
  };
}
