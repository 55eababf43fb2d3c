/** Microsoft Teams through the webhook of a workflow, which takes an adaptive card. */
import { secret } from '@faultline/runtime';
import { z } from 'zod';
import { type CallbackAnswer, refusedCallback } from '../../callbacks/callback.ts';
import { linksOf } from '../../callbacks/link.ts';
import { followLink, showLink } from '../../callbacks/link-page.ts';
import { type ChannelMessage, defineChannel } from '../../channel.ts';
import { fitPage } from '../../page/fit.ts';
import type { Mention, Page } from '../../page/page.ts';
import { factLines, helpLines } from '../../page/text.ts';
import { openLinkText, repeatText } from '../../page/words.ts';
import { commonChannelKeys, httpChannelKeys, mentions, secretUrl } from '../common-config.ts';
import { createCallJson } from '../json-call.ts';
import { mentionId } from '../mentions.ts';

/** Teams refuses a message above 28 KB. */
const maxCardBytes = 27 * 1024;

const teamsConfig = z.strictObject({
  type: z.literal('teams'),
  ...commonChannelKeys,
  url: secretUrl().describe('Address of the workflow *Send webhook alerts to a channel*.'),
  linkSecret: secret()
    .refine((text) => text.reveal().length >= 32, 'at least 32 characters')
    .nullable()
    .default(null)
    .describe(
      'A text of 32 characters or more that signs the links of a card. With it people acknowledge and resolve from the card; `notifier.publicUrl` must lead to Faultline. Null: no such links.',
    ),
  mentions: mentions('the sign-in name of a person (`mira@example.com`)'),
  ...httpChannelKeys,
});
type TeamsConfig = z.output<typeof teamsConfig>;

export const teamsChannel = defineChannel({
  type: 'teams',
  title: 'Microsoft Teams',
  schema: teamsConfig,
  capabilities: { repeats: 'neither', updates: 'none', canThread: false, canNotifyAgain: true, hasActions: true },
  budget: { titleChars: 100, requestBytes: 28 * 1024 },
  // A workflow takes four requests a second.
  rate: { spacingMs: 250, editSpacingMs: 0 },
  docs: {
    summary: 'An adaptive card for the first page, for another cause, for the end and for a reopening.',
    example: { url: { env: 'TEAMS_WORKFLOW_URL' } },
    setup: [
      'In the channel, add the workflow *Send webhook alerts to a channel*, and use its address as `url`.',
      'For answers, set `linkSecret` and `notifier.publicUrl`. A link of the card opens a page that asks for a name and a confirmation.',
      'Map teams to sign-in names under `mentions`, so that owners are notified.',
    ],
    limits: [
      'Whoever can see a card can use its links, for a day. Each works once. The name is what the person types.',
      'A workflow cannot edit a card or be searched. A retry after a lost answer may show a card twice; it says so.',
    ],
    healthyAnswer: '',
  },
  callback: ({ linkSecret }, request) => (linkSecret === null ? noLinks() : followLink(linkSecret.reveal(), request)),
  show: ({ linkSecret }, request) => (linkSecret === null ? noLinks() : showLink(linkSecret.reveal(), request)),
  createSend: (config, { http, clock }) => {
    const call = createCallJson({ http, timeoutMs: config.timeoutMs });
    return async (message, signal) => {
      await call({ url: config.url.reveal(), body: messageOf(message, config, clock()) }, signal);
      return { messageId: message.idempotencyKey, threadId: '' };
    };
  },
});

function noLinks(): CallbackAnswer {
  return refusedCallback(404, 'this channel has no linkSecret');
}

function messageOf(message: ChannelMessage, config: TeamsConfig, nowMs: number): object {
  const links = answerLinks(message, config, nowMs);
  const build = (page: Page) => envelope(cardOf(page, message, config, links), page.headline);
  return build(fitPage(message.page, (page) => Buffer.byteLength(JSON.stringify(build(page))) <= maxCardBytes));
}

/** `summary` is the text of the notification. */
function envelope(content: object, summary: string): object {
  const contentType = 'application/vnd.microsoft.card.adaptive';
  return { type: 'message', summary, attachments: [{ contentType, contentUrl: null, content }] };
}

type Links = readonly { readonly title: string; readonly url: string }[];

function answerLinks({ incident, page, idempotencyKey }: ChannelMessage, config: TeamsConfig, nowMs: number): Links {
  if (config.linkSecret === null) return [];
  const publicUrl = page.link.slice(0, page.link.lastIndexOf('/incidents/'));
  const url = `${publicUrl}/callbacks/${config.name}`;
  return linksOf(incident, { url, secret: config.linkSecret.reveal(), nonce: idempotencyKey, nowMs });
}

function cardOf(
  page: Page,
  { isPushed, maybeSent }: ChannelMessage,
  { mentions: ids }: TeamsConfig,
  links: Links,
): object {
  const mentioned = isPushed ? page.mentions.filter(({ team }) => mentionId(ids, team) !== undefined) : [];
  const evidence = page.evidence.map((line) => `- ${escapeMarkdown(line)}`).join('\n');
  const body = [
    { ...text(page.headline), weight: 'Bolder', size: 'Medium', color: colorOf(page) },
    text(page.cause),
    ...helpLines(page).map(text),
    text(mentioned.map(({ team }) => at(team)).join(' ')),
    text(page.path),
    { ...text(''), text: evidence },
    ...factLines(page, '').map(text),
    { ...text(page.footer), isSubtle: true },
    text(maybeSent ? repeatText : ''),
  ].filter((block) => block.text !== '');
  return {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    fallbackText: page.headline,
    msteams: { width: 'Full', entities: mentioned.map((mention) => entityOf(mention, ids)) },
    body,
    actions: [...links, { title: openLinkText, url: page.link }].map((link) => ({ type: 'Action.OpenUrl', ...link })),
  };
}

function text(line: string): { readonly type: 'TextBlock'; readonly text: string; readonly wrap: true } {
  return { type: 'TextBlock', text: line.startsWith('<at>') ? line : escapeMarkdown(line), wrap: true };
}

function at(team: string): string {
  return `<at>${team}</at>`;
}

function entityOf({ team }: Mention, ids: TeamsConfig['mentions']): object {
  return { type: 'mention', text: at(team), mentioned: { id: mentionId(ids, team), name: team } };
}

/** A text block reads links, emphasis and lists. Names of services hold underscores and stars. */
function escapeMarkdown(line: string): string {
  return line.replace(/[\\*_[\]`~]/g, '\\$&');
}

function colorOf({ status, severity }: Page): string {
  if (status === 'resolved') return 'Good';
  return severity === 'critical' || severity === 'error' ? 'Attention' : 'Warning';
}
