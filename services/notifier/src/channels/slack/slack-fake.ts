/** A stub of Slack's Web API over real HTTP: a workspace with one channel. */
import { z } from 'zod';
import { type ReceivedRequest, type Receiver, type ReceiverAnswer, startReceiver } from '../../testing/receiver.ts';
import { parseObject } from '../json-call.ts';

export interface FakeMessage {
  readonly ts: string;
  readonly thread_ts?: string;
  readonly reply_broadcast?: boolean;
  text: string;
  blocks: unknown[];
  metadata: unknown;
}

export interface SlackFake {
  readonly url: string;
  readonly messages: FakeMessage[];
  /** Methods called, in order. */
  readonly calls: string[];
  /** Answers to the next calls of a method. `after`: the method acts first, as when its answer is lost. */
  readonly failures: { method: string; answer: ReceiverAnswer; after?: boolean }[];
  close(): Promise<void>;
}

export const fakeChannelId = 'C0123456789';
export const fakeToken = 'xoxb-test-5d1f';

export async function startSlackFake(): Promise<SlackFake> {
  const messages: FakeMessage[] = [];
  const calls: string[] = [];
  const failures: SlackFake['failures'] = [];
  const json = (value: object): ReceiverAnswer => ({
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(value),
  });
  const answer = (request: ReceivedRequest): ReceiverAnswer => {
    const method = request.path.split('/').at(-1) ?? '';
    calls.push(method);
    const failure = failures[0]?.method === method ? failures.shift() : undefined;
    if (failure !== undefined && failure.after !== true) return failure.answer;
    if (request.headers.authorization !== `Bearer ${fakeToken}`) return json({ ok: false, error: 'invalid_auth' });
    const own = json(act(messages, method, argumentsOf(request)));
    return failure?.answer ?? own;
  };
  const receiver: Receiver = await startReceiver(answer);
  return { url: `${receiver.url}api/`, messages, calls, failures, close: () => receiver.close() };
}

/** Slack takes arguments as a form or as JSON. */
function argumentsOf({ headers, body }: ReceivedRequest): URLSearchParams {
  if (!(headers['content-type'] ?? '').startsWith('application/json')) return new URLSearchParams(body);
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(parseObject(body)))
    form.set(name, typeof value === 'string' ? value : JSON.stringify(value));
  return form;
}

const plainText = z.strictObject({ type: z.literal('plain_text'), text: z.string().min(1).max(75) });
const markdown = z.strictObject({ type: z.literal('mrkdwn'), text: z.string().min(1).max(3000) });
const element = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('button'),
    text: plainText,
    action_id: z.string().max(255),
    value: z.string().max(2000),
    style: z.enum(['primary', 'danger']).optional(),
  }),
  z.strictObject({
    type: z.literal('static_select'),
    placeholder: plainText,
    action_id: z.string().max(255),
    options: z
      .array(z.strictObject({ text: plainText, value: z.string().min(1).max(150) }))
      .min(1)
      .max(100),
  }),
]);
/** Slack's limits: https://docs.slack.dev/reference/block-kit/blocks */
const blocksSchema = z
  .array(
    z.discriminatedUnion('type', [
      z.strictObject({ type: z.literal('section'), text: markdown }),
      z.strictObject({ type: z.literal('context'), elements: z.array(markdown).min(1).max(10) }),
      z.strictObject({
        type: z.literal('actions'),
        block_id: z.string().max(255),
        elements: z.array(element).min(1).max(25),
      }),
    ]),
  )
  .max(50);

function act(messages: FakeMessage[], method: string, form: URLSearchParams): object {
  const parsed = (name: string): unknown => JSON.parse(form.get(name) ?? 'null');
  const blocks = (parsed('blocks') ?? []) as unknown[];
  if (!['C0123456789', '#incidents'].includes(form.get('channel') ?? ''))
    return { ok: false, error: 'channel_not_found' };
  if (!blocksSchema.safeParse(blocks).success) return { ok: false, error: 'invalid_blocks' };
  if (JSON.stringify(blocks).length > 13_000) return { ok: false, error: 'msg_blocks_too_long' };
  switch (method) {
    case 'chat.postMessage': {
      const thread = form.get('thread_ts');
      const ts = `1767621${String(700 + messages.length)}.000100`;
      const message = { ts, text: form.get('text') ?? '', blocks, metadata: parsed('metadata') };
      const reply_broadcast = form.get('reply_broadcast') === 'true';
      messages.push(thread === null ? message : { ...message, thread_ts: thread, reply_broadcast });
      return { ok: true, channel: fakeChannelId, ts };
    }
    case 'chat.update': {
      const message = messages.find(({ ts }) => ts === form.get('ts'));
      if (message === undefined || form.get('channel') !== fakeChannelId)
        return { ok: false, error: 'message_not_found' };
      Object.assign(message, {
        text: form.get('text') ?? '',
        blocks,
        metadata: parsed('metadata') ?? message.metadata,
      });
      return { ok: true, channel: fakeChannelId, ts: message.ts };
    }
    case 'conversations.history':
      return page(messages.filter((message) => message.thread_ts === undefined).toReversed(), form);
    case 'conversations.replies':
      return page(
        messages.filter(({ ts, thread_ts }) => [ts, thread_ts].includes(form.get('ts') ?? '')),
        form,
      );
    default:
      return { ok: false, error: 'unknown_method' };
  }
}

/** One message a page, so that tests cover paging. Metadata only on request. */
function page(messages: readonly FakeMessage[], form: URLSearchParams): object {
  const at = Number(form.get('cursor') ?? 0);
  const shown = messages
    .slice(at, at + 1)
    .map(({ metadata, ...rest }) => (form.get('include_all_metadata') === 'true' ? { ...rest, metadata } : rest));
  return {
    ok: true,
    messages: shown,
    response_metadata: { next_cursor: at + 1 < messages.length ? String(at + 1) : '' },
  };
}
