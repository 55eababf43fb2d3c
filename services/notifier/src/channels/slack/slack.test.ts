import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ChannelMessage } from '../../channel.ts';
import { renderPage } from '../../page/page.ts';
import { channelContract } from '../../testing/channel-contract.ts';
import { firstMessage } from '../../testing/first-message.ts';
import { incident, resolved } from '../../testing/incident.ts';
import { openTestChannel } from '../../testing/open-channel.ts';
import { escapeSlack, slackBlocks, slackBudget, slackNoteText } from './blocks.ts';
import { fakeChannelId, fakeToken, type SlackFake, startSlackFake } from './slack-fake.ts';

const create = (apiUrl: string, extra: object = {}) =>
  openTestChannel({ type: 'slack', name: 'ops', token: fakeToken, channel: fakeChannelId, apiUrl, ...extra });

channelContract({
  type: 'slack',
  create: (url, timeoutMs = 10_000) => create(url, { timeoutMs }),
  secrets: [fakeToken],
  titleOf: ({ body }) => new URLSearchParams(body).get('text') ?? '',
});

describe('slack', () => {
  let slack: SlackFake;
  const never = new AbortController().signal;
  const send = (extra: Partial<ChannelMessage> = {}, config: object = {}) =>
    create(slack.url, config).send(firstMessage(extra), never);
  const refuse = (method: string, error: string) =>
    slack.failures.push({ method, answer: { body: JSON.stringify({ ok: false, error }) } });
  beforeEach(async () => {
    slack = await startSlackFake();
  });
  afterEach(() => slack.close());

  it('posts once, edits in place, and replies in the thread', async () => {
    const receipt = await send();
    const over = resolved(3);
    await send({
      ...receipt,
      action: 'edit',
      incident: over,
      notes: [{ kind: 'resolved', text: 'over <now>', isPushed: false }],
    });
    expect(slack.messages.map(({ thread_ts, text }) => [thread_ts, text])).toEqual([
      [undefined, 'RESOLVED checkout HighLatency x40 (production): was orders-db, slow, 14:01 UTC, for 30 min'],
      [slack.messages[0]?.ts, 'over &lt;now&gt;'],
    ]);
    expect(slack.messages[0]?.metadata).toEqual({
      event_type: 'faultline_incident',
      event_payload: { incident_id: 'inc1' },
    });
  });

  it('a cause that is found is pushed: a reply that also goes to the channel and mentions the owner', async () => {
    const receipt = await send({ incident: incident({ verdict: 'inconclusive' }) });
    const note = { kind: 'cause-changed', text: firstMessage().page.headline, isPushed: true } as const;
    const edit = { ...receipt, action: 'edit', notes: [note] } as const;
    await send(edit, { mentions: { storage: 'S0614TZR7' } });
    expect(slack.messages[1]).toMatchObject({
      reply_broadcast: true,
      text: 'CRIT checkout HighLatency x40 (production): likely orders-db, slow since 14:01 UTC\nOwner: <!subteam^S0614TZR7>',
    });
    await send({ ...edit, notes: [{ ...note, isPushed: false }] });
    expect(slack.messages[2]).toMatchObject({ reply_broadcast: false, text: expect.not.stringContaining('Owner') });
  });

  it('without a mapping the owner is named as text, and a person is mentioned by id', () => {
    const note = { kind: 'cause-changed', text: 'x', isPushed: true } as const;
    const { page } = firstMessage();
    expect(slackNoteText(note, page, {})).toBe('x\nOwner: storage #storage-oncall');
    expect(slackNoteText(note, page, { storage: 'U024BE7LH' })).toBe('x\nOwner: <@U024BE7LH>');
    expect(slackNoteText(note, { ...page, mentions: [] }, {})).toBe('x');
  });

  it('pages have buttons once there is a signing secret', async () => {
    await send({}, { signingSecret: 'shh' });
    const actions = JSON.stringify(slack.messages[0]?.blocks.at(-1));
    expect([...actions.matchAll(/"text":"([^"]+)"/g)].map(([, text]) => text)).toEqual([
      'Acknowledge',
      'Resolve',
      'Not this cause',
      'Did not help',
      'Rolled back',
      'Restarted',
      'Scaled',
      'Failed over',
      'Changed configuration',
      'Something else',
      'Split',
      'service:checkout',
      'service:orders',
    ]);
    await send();
    expect(JSON.stringify(slack.messages[1]?.blocks)).not.toContain('Acknowledge');
  });

  it('edits by the channel’s id, also when a name was configured', async () => {
    const receipt = await send({}, { channel: '#incidents' });
    expect(receipt.messageId).toMatch(`${fakeChannelId}/`);
  });

  it('an answer that was lost: the message is found by its metadata, not sent again', async () => {
    await send({ incident: incident({ id: 'other' }) });
    slack.failures.push({ method: 'chat.postMessage', answer: { hangUp: true }, after: true });
    await expect(send()).rejects.toMatchObject({ maybeDelivered: true });
    await send({ incident: incident({ id: 'third' }) });
    const receipt = await send({ maybeSent: true });
    expect(slack.messages).toHaveLength(3);
    expect(receipt.messageId).toBe(`${fakeChannelId}/${slack.messages[1]?.ts}`);
  });

  it('the same for a reply', async () => {
    const receipt = await send();
    const edit = { ...receipt, action: 'edit', notes: [{ kind: 'resolved', text: 'over', isPushed: false }] } as const;
    slack.failures.push({ method: 'chat.postMessage', answer: { hangUp: true }, after: true });
    await expect(send(edit)).rejects.toMatchObject({ kind: 'transient' });
    await send({ ...edit, maybeSent: true });
    expect(slack.messages).toHaveLength(2);
  });

  it('nothing was sent: it is, after looking', async () => {
    await send({ maybeSent: true });
    expect(slack.calls).toEqual(['conversations.history', 'chat.postMessage']);
  });

  it('a bot that may not look sends all the same', async () => {
    refuse('conversations.history', 'missing_scope');
    await send({ maybeSent: true });
    expect(slack.messages).toHaveLength(1);
  });

  it('a look that fails just now is not a "not there"', async () => {
    slack.failures.push({ method: 'conversations.history', answer: { status: 503 } });
    await expect(send({ maybeSent: true })).rejects.toMatchObject({ kind: 'transient' });
    expect(slack.messages).toHaveLength(0);
  });

  it.each(['message_not_found', 'cant_update_message', 'edit_window_closed'])('%s: a new message', async (error) => {
    const receipt = await send();
    refuse('chat.update', error);
    await send({ ...receipt, action: 'edit' });
    expect(slack.messages).toHaveLength(2);
  });

  it('blocks that Slack refuses all the same go as text', async () => {
    refuse('chat.postMessage', 'invalid_blocks');
    await send();
    expect(slack.messages[0]).toMatchObject({
      blocks: [],
      text: expect.stringContaining('https://faultline.example.com/incidents/inc1'),
    });
  });

  it.each([
    ['invalid_auth', 'permanent'],
    ['channel_not_found', 'permanent'],
    ['not_in_channel', 'permanent'],
    ['ratelimited', 'transient'],
    ['internal_error', 'transient'],
    [`echo ${fakeToken}`, 'permanent'],
  ])('%s is %s', async (error, kind) => {
    refuse('chat.postMessage', error);
    await expect(send()).rejects.toMatchObject({ kind, message: expect.not.stringContaining(fakeToken) });
  });

  it('an answer that is not Slack’s is worth another try', async () => {
    slack.failures.push({ method: 'chat.postMessage', answer: { body: '<html>' } });
    await expect(send()).rejects.toMatchObject({ kind: 'transient', maybeDelivered: true });
  });
});

describe('blocks', () => {
  const page = renderPage(incident(), { publicUrl: 'https://f.example.com', timeZone: 'UTC' });
  const size = (blocks: unknown) => JSON.stringify(blocks).length;

  it('show all of a page, escaped', () => {
    const text = size(slackBlocks(page)) > 0 ? JSON.stringify(slackBlocks(page)) : '';
    for (const part of [
      'rolled back orders',
      'storage-oncall',
      'postgres-slow',
      'deploy',
      'Open the incident',
      '-&gt;',
    ])
      expect(text).toContain(part);
    expect(text).not.toMatch(/4 ms -> 310/);
  });

  it('a page of any size fits; headline and link always stay', () => {
    const long = '&'.repeat(9000);
    const huge = {
      ...page,
      headline: long,
      cause: long,
      change: long,
      impact: long,
      owner: long,
      runbook: long,
      footer: long,
      evidence: Array.from({ length: 400 }, () => long),
    };
    const blocks = slackBlocks(huge);
    expect(size(blocks)).toBeLessThanOrEqual(slackBudget.totalChars);
    expect(JSON.stringify(blocks)).toContain('Open the incident');
    for (const block of blocks)
      if (block.type === 'section') expect(block.text?.text.length).toBeLessThanOrEqual(slackBudget.textChars);
    expect(JSON.stringify(blocks)).not.toMatch(/&(?!amp;|lt;|gt;)/);
  });

  it('what is least needed goes first', () => {
    const { length } = JSON.stringify(slackBlocks(page));
    const text = JSON.stringify(slackBlocks(page, [], { ...slackBudget, totalChars: length - 10 }));
    expect(text).not.toContain('Last time');
    expect(text).toContain('Owner');
  });

  it('escapes Slack’s three characters', () => {
    expect(escapeSlack('<!channel> & <@U1>')).toBe('&lt;!channel&gt; &amp; &lt;@U1&gt;');
  });
});
