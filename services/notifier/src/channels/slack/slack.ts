/** Slack through a bot: one message for each incident, edited in place, with its history in the thread. Incoming webhooks cannot edit. */

import { type ChannelMessage, defineChannel, type Note, type Receipt } from '../../channel.ts';
import { onCallIds } from '../mentions.ts';
import { actionBlocks, receiveInteraction } from './actions.ts';
import { createSlackCall, type SlackCall, SlackError } from './api.ts';
import { escapeSlack, onCallBlocks, slackBlocks, slackFallbackText, slackNoteText } from './blocks.ts';
import { type SlackConfig, slackConfig } from './config.ts';
import { findPage, findReply, pageMetadata, replyMetadata } from './find.ts';
import { listenToSlack } from './socket.ts';

/** The channel. It searches for a first message that may have been sent before it sends another one. */
export const slackChannel = defineChannel({
  type: 'slack',
  title: 'Slack',
  schema: slackConfig,
  capabilities: {
    repeats: 'findable',
    updates: 'in-place',
    canThread: true,
    canNotifyAgain: true,
    hasActions: true,
  },
  // One request is a form: blocks of 12,500 characters grow when they are encoded.
  // 100 characters, of which each may be escaped (`&amp;`).
  budget: { titleChars: 500, requestBytes: 64 * 1024 },
  // chat.postMessage takes one message a second in a channel, chat.update is Tier 3 (50 a minute).
  rate: { spacingMs: 300, editSpacingMs: 5000 },
  docs: {
    summary: 'One message for each incident, edited in place, with its history in the thread.',
    example: {
      token: { env: 'SLACK_BOT_TOKEN' },
      channel: 'C0123456789',
      signingSecret: { env: 'SLACK_SIGNING_SECRET' },
      mentions: { storage: 'S0614TZR7' },
    },
    setup: [
      'Create an app with the bot scope `chat:write`, install it, and invite the bot to the channel.',
      'Add `channels:history` (private channels: `groups:history`), so that a page is found again after a crash.',
      'For buttons, switch on *Interactivity* with the address `https://FAULTLINE/callbacks/NAME`, and use the app’s signing secret as `signingSecret`.',
      'Where nothing may reach Faultline from outside, switch on *Socket Mode* instead, and use an app-level token with `connections:write` as `appToken`.',
      'Map teams to Slack ids under `mentions`, so that owners are notified by name.',
    ],
    limits: [
      'Socket Mode connects directly, without `notifier.proxyUrl`.',
      'An edit notifies nobody in Slack. A cause that is found later is a reply that also goes to the channel.',
      '*Not this cause* refuses the cause: the next one ranks first, and similar incidents remember it. *Split* takes all alerts of one entity out of the incident.',
    ],
    healthyAnswer: '{"ok":true,"channel":"C0123456789","ts":"1767621700.000100"}',
  },
  address: ({ channel }) => channel,
  callback: receiveInteraction,
  listen: listenToSlack,
  createSend: (config, { http }) => {
    const call = createSlackCall(config, http);
    return async (message, signal) => {
      const receipt = await sendPage({ call, config, message }, signal);
      for (const note of message.notes) await reply({ call, config, receipt, message, note }, signal);
      return receipt;
    };
  },
});

interface Sending {
  readonly call: SlackCall;
  readonly config: SlackConfig;
  readonly message: ChannelMessage;
}

async function sendPage(sending: Sending, signal: AbortSignal): Promise<Receipt> {
  const { call, config, message } = sending;
  const { messageId, maybeSent } = message;
  const existing =
    messageId !== '' ? message : maybeSent ? await findPage(call, config.channel, message, signal) : null;
  if (existing === null) return postPage(sending, signal);
  try {
    return await updatePage(sending, existing, signal);
  } catch (error) {
    // Somebody deleted the message, or the workspace forbids the edit. The page must still arrive.
    if (error instanceof SlackError && goneErrors.has(error.slackError)) return postPage(sending, signal);
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

async function postPage(sending: Sending, signal: AbortSignal): Promise<Receipt> {
  const { call, config, message } = sending;
  const { channel } = config;
  const args = { channel, unfurl_links: false, unfurl_media: false, metadata: pageMetadata(message) };
  const answer = await withBlocks(sending, (content) => call('chat.postMessage', { ...args, ...content }, signal));
  // chat.update needs the id of the channel. The answer has it even when the configuration has a name.
  const messageId = `${answer.channel ?? channel}/${answer.ts ?? ''}`;
  return { messageId, threadId: answer.ts ?? '' };
}

async function updatePage(sending: Sending, { messageId, threadId }: Receipt, signal: AbortSignal): Promise<Receipt> {
  const { call, message } = sending;
  const [channel = '', ts = ''] = messageId.split('/');
  const args = { channel, ts, metadata: pageMetadata(message) };
  await withBlocks(sending, (content) => call('chat.update', { ...args, ...content }, signal));
  return { messageId, threadId };
}

/** Sends the page as text when Slack refuses its blocks. */
async function withBlocks<Answer>(
  { config, message }: Sending,
  send: (content: object) => Promise<Answer>,
): Promise<Answer> {
  const { page, incident } = message;
  const text = slackFallbackText(page);
  const onCall = onCallBlocks(onCallIds(message, config.mentions));
  const actions = config.signingSecret === null && config.appToken === null ? [] : actionBlocks(incident);
  try {
    return await send({ text, blocks: [...slackBlocks(page, actions), ...onCall] });
  } catch (error) {
    if (!(error instanceof SlackError) || !blockErrors.has(error.slackError)) throw error;
    return send({ text: `${text}\n${escapeSlack(page.cause)}\n${page.link}`, blocks: [] });
  }
}

interface Reply {
  readonly call: SlackCall;
  readonly config: SlackConfig;
  readonly receipt: Receipt;
  readonly message: ChannelMessage;
  readonly note: Note;
}

async function reply({ call, config, receipt, message, note }: Reply, signal: AbortSignal): Promise<void> {
  const [channel = ''] = receipt.messageId.split('/');
  const metadata = replyMetadata(message, note);
  if (message.maybeSent && (await findReply(call, { channel, threadId: receipt.threadId, metadata }, signal))) return;
  await call(
    'chat.postMessage',
    {
      channel,
      thread_ts: receipt.threadId,
      text: slackNoteText(note, message.page, config.mentions),
      reply_broadcast: note.isPushed,
      metadata,
    },
    signal,
  );
}
