/** A channel in memory. Depending on its capabilities it drops repeats by key, can be searched, or neither. */
import type { Channel, ChannelCapabilities, ChannelMessage, RateBudget } from '../channel.ts';

export interface FakeChannel extends Channel {
  /** What people see: one entry for each message, with its current headline. */
  readonly messages: Map<string, { headline: string; edits: number; notes: string[]; repeats: number }>;
  readonly tries: ChannelMessage[];
  /** Thrown by the next tries, one each, before the message is accepted. */
  readonly failures: unknown[];
  /** Thrown by the next tries, one each, after the message was accepted. */
  readonly lateFailures: unknown[];
}

export function createFakeChannel(
  name: string,
  capabilities: Partial<ChannelCapabilities> = {},
  rate: RateBudget = { spacingMs: 0, editSpacingMs: 0 },
): FakeChannel {
  const full: ChannelCapabilities = {
    repeats: 'idempotent',
    updates: 'in-place',
    canThread: true,
    canNotifyAgain: true,
    hasActions: false,
    ...capabilities,
  };
  const messages: FakeChannel['messages'] = new Map();
  const tries: ChannelMessage[] = [];
  const failures: unknown[] = [];
  const lateFailures: unknown[] = [];
  /** A findable channel searches only when an earlier try may have arrived. */
  const earlier = (message: ChannelMessage): string | undefined => {
    if (full.repeats === 'neither' || (full.repeats === 'findable' && !message.maybeSent)) return undefined;
    return [...messages.keys()].find((id) => id.split('#')[0] === keyOf(message, full));
  };
  const take = (message: ChannelMessage): string => {
    const { headline } = message.page;
    const id = message.messageId || earlier(message) || '';
    const existing = messages.get(id);
    if (existing === undefined || (message.action === 'send' && full.repeats === 'neither')) {
      const created = `${keyOf(message, full)}${full.repeats === 'idempotent' ? '' : `#${messages.size}`}`;
      messages.set(created, { headline, edits: 0, notes: [], repeats: message.maybeSent ? 1 : 0 });
      return created;
    }
    // An idempotent receiver drops the repeat of a first message, even with another content.
    if (message.action === 'send' && full.repeats === 'idempotent') return id;
    existing.headline = headline;
    existing.edits += 1;
    existing.notes.push(...message.notes.map(({ kind }) => kind));
    return id;
  };
  return {
    name,
    target: name,
    capabilities: full,
    rate,
    levels: ['page'],
    messages,
    tries,
    failures,
    lateFailures,
    send: async (message) => {
      tries.push(message);
      const failure = failures.shift();
      if (failure !== undefined) throw failure;
      const messageId = take(message);
      const late = lateFailures.shift();
      if (late !== undefined) throw late;
      return { messageId, threadId: '' };
    },
  };
}

function keyOf(message: ChannelMessage, { repeats }: ChannelCapabilities): string {
  return repeats === 'findable' ? message.incident.id : message.idempotencyKey;
}
