/** Finds messages that were sent before a crash, by the metadata of each message. */
import type { ChannelMessage, Note, Receipt } from '../../channel.ts';
import { ChannelError } from '../../errors.ts';
import type { SlackCall, SlackMessage } from './api.ts';

const eventType = 'faultline_incident';
const pageSize = 200;
const maxPages = 5;

export interface SlackMetadata {
  readonly event_type: string;
  readonly event_payload: Readonly<Record<string, string | number>>;
}

export function pageMetadata({ incident }: ChannelMessage): SlackMetadata {
  return { event_type: eventType, event_payload: { incident_id: incident.id } };
}

/** The key holds the kind of note as well: one revision may have two notes. */
export function replyMetadata({ incident }: ChannelMessage, note: Note): SlackMetadata {
  return {
    event_type: eventType,
    event_payload: { incident_id: incident.id, note: note.kind, revision: incident.revision },
  };
}

/** The message of the incident in the channel. Null when there is none, or when the bot may not read the channel. */
export async function findPage(
  call: SlackCall,
  channel: string,
  message: ChannelMessage,
  signal: AbortSignal,
): Promise<Receipt | null> {
  const wanted = pageMetadata(message);
  const oldest = String(Math.floor(message.incident.detectedAtMs / 1000) - 60);
  const found = await search(call, { method: 'conversations.history', args: { channel, oldest }, wanted }, signal);
  return found === null ? null : { messageId: `${channel}/${found.ts}`, threadId: found.ts };
}

/** Whether the thread already has this reply. */
export async function findReply(
  call: SlackCall,
  { channel, threadId, metadata }: { channel: string; threadId: string; metadata: SlackMetadata },
  signal: AbortSignal,
): Promise<boolean> {
  const args = { channel, ts: threadId };
  return (await search(call, { method: 'conversations.replies', args, wanted: metadata }, signal)) !== null;
}

interface Search {
  readonly method: string;
  readonly args: Readonly<Record<string, string>>;
  readonly wanted: SlackMetadata;
}

async function search(
  call: SlackCall,
  { method, args, wanted }: Search,
  signal: AbortSignal,
): Promise<SlackMessage | null> {
  let cursor = '';
  try {
    for (let page = 0; page < maxPages; page++) {
      const paging = { limit: pageSize, include_all_metadata: true, ...(cursor === '' ? {} : { cursor }) };
      const answer = await call(method, { ...args, ...paging }, signal);
      const found = (answer.messages ?? []).find(({ metadata }) => isSame(metadata, wanted));
      if (found !== undefined) return found;
      cursor = answer.response_metadata?.next_cursor ?? '';
      if (cursor === '') return null;
    }
    return null;
  } catch (error) {
    // The bot may not read the channel. Two pages are better than none.
    if (error instanceof ChannelError && error.kind === 'permanent') return null;
    throw error;
  }
}

function isSame(metadata: SlackMessage['metadata'], wanted: SlackMetadata): boolean {
  const payload = metadata?.event_payload ?? {};
  const keys = Object.keys(wanted.event_payload);
  return (
    metadata?.event_type === wanted.event_type &&
    Object.keys(payload).length === keys.length &&
    keys.every((key) => payload[key] === wanted.event_payload[key])
  );
}
