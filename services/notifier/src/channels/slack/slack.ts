/** Slack through a bot: one message for each incident, edited in place, with its history in the thread. Incoming webhooks cannot edit. */
import type { Channel, ChannelMessage, Note, Receipt } from '../../channel.ts';
import { createSlackCall, type SlackCall, SlackError } from './api.ts';
import { escapeSlack, slackBlocks, slackFallbackText } from './blocks.ts';
import type { SlackConfig } from './config.ts';
import { findPage, findReply, pageMetadata, replyMetadata } from './find.ts';

/** The channel. It searches for a first message that may have been sent before it sends another one. */
export function createSlack(config: SlackConfig): Channel {
  const call = createSlackCall(config);
  return {
    name: config.name,
    target: `${config.name}#${config.channel}`,
    capabilities: { repeats: 'findable', canEdit: true },
    send: async (message, signal) => {
      const receipt = await sendPage(call, config.channel, message, signal);
      for (const note of message.notes) await reply(call, { receipt, message, note }, signal);
      return receipt;
    },
  };
}

async function sendPage(
  call: SlackCall,
  channel: string,
  message: ChannelMessage,
  signal: AbortSignal,
): Promise<Receipt> {
  const existing =
    message.messageId !== '' ? message : message.maybeSent ? await findPage(call, channel, message, signal) : null;
  if (existing === null) return postPage(call, channel, message, signal);
  try {
    return await updatePage(call, existing, message, signal);
  } catch (error) {
    // Somebody deleted the message, or the workspace forbids the edit. The page must still arrive.
    if (error instanceof SlackError && goneErrors.has(error.slackError))
      return postPage(call, channel, message, signal);
    throw error;
  }
}

const goneErrors: ReadonlySet<string> = new Set(['message_not_found', 'cant_update_message', 'edit_window_closed']);
const blockErrors: ReadonlySet<string> = new Set([
  'invalid_blocks',
  'invalid_blocks_format',
  'msg_too_long',
  'msg_blocks_too_long',
]);

async function postPage(
  call: SlackCall,
  channel: string,
  message: ChannelMessage,
  signal: AbortSignal,
): Promise<Receipt> {
  const args = { channel, unfurl_links: false, unfurl_media: false, metadata: pageMetadata(message) };
  const answer = await withBlocks(message, (content) => call('chat.postMessage', { ...args, ...content }, signal));
  // chat.update needs the id of the channel. The answer has it even when the configuration has a name.
  const messageId = `${answer.channel ?? channel}/${answer.ts ?? ''}`;
  return { messageId, threadId: answer.ts ?? '' };
}

async function updatePage(
  call: SlackCall,
  existing: Receipt,
  message: ChannelMessage,
  signal: AbortSignal,
): Promise<Receipt> {
  const { messageId, threadId } = existing;
  const [channel = '', ts = ''] = messageId.split('/');
  const args = { channel, ts, metadata: pageMetadata(message) };
  await withBlocks(message, (content) => call('chat.update', { ...args, ...content }, signal));
  return { messageId, threadId };
}

/** Sends the page as text when Slack refuses its blocks. */
async function withBlocks<Answer>(
  { page }: ChannelMessage,
  send: (content: object) => Promise<Answer>,
): Promise<Answer> {
  const text = slackFallbackText(page);
  try {
    return await send({ text, blocks: slackBlocks(page) });
  } catch (error) {
    if (!(error instanceof SlackError) || !blockErrors.has(error.slackError)) throw error;
    return send({ text: `${text}\n${escapeSlack(page.cause)}\n${page.link}`, blocks: [] });
  }
}

async function reply(
  call: SlackCall,
  { receipt, message, note }: { receipt: Receipt; message: ChannelMessage; note: Note },
  signal: AbortSignal,
): Promise<void> {
  const [channel = ''] = receipt.messageId.split('/');
  const metadata = replyMetadata(message, note);
  if (message.maybeSent && (await findReply(call, { channel, threadId: receipt.threadId, metadata }, signal))) return;
  await call(
    'chat.postMessage',
    { channel, thread_ts: receipt.threadId, text: escapeSlack(note.text), metadata },
    signal,
  );
}
