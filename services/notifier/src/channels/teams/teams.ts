/** Microsoft Teams through the webhook of a workflow, which takes an adaptive card. */
import { z } from 'zod';
import { type ChannelMessage, defineChannel } from '../../channel.ts';
import { fitPage } from '../../page/fit.ts';
import type { Mention, Page } from '../../page/page.ts';
import { factLines, helpLines } from '../../page/text.ts';
import { openLinkText, repeatText } from '../../page/words.ts';
import { commonChannelKeys, httpChannelKeys, mentions, secretUrl } from '../common-config.ts';
import { createCallJson } from '../json-call.ts';

/** Teams refuses a message above 28 KB. */
const maxCardBytes = 27 * 1024;

const teamsConfig = z.strictObject({
  type: z.literal('teams'),
  ...commonChannelKeys,
  url: secretUrl().describe('Address of the workflow *Send webhook alerts to a channel*.'),
  mentions: mentions('the sign-in name of a person (`mira@example.com`)'),
  ...httpChannelKeys,
});
type TeamsConfig = z.output<typeof teamsConfig>;

export const teamsChannel = defineChannel({
  type: 'teams',
  title: 'Microsoft Teams',
  schema: teamsConfig,
  capabilities: { repeats: 'neither', updates: 'none', canThread: false, canNotifyAgain: true, hasActions: false },
  budget: { titleChars: 100, requestBytes: 28 * 1024 },
  // A workflow takes four requests a second.
  rate: { spacingMs: 250, editSpacingMs: 0 },
  docs: {
    summary: 'An adaptive card for the first page, for another cause, for the end and for a reopening.',
    example: { url: { env: 'TEAMS_WORKFLOW_URL' } },
    setup: [
      'In the channel, add the workflow *Send webhook alerts to a channel*, and use its address as `url`.',
      'Map teams to sign-in names under `mentions`, so that owners are notified.',
    ],
    limits: [
      'A workflow cannot edit a card or be searched. A retry after a lost answer may show a card twice; it says so.',
    ],
    healthyAnswer: '',
  },
  createSend: (config, { http }) => {
    const call = createCallJson({ http, timeoutMs: config.timeoutMs });
    return async (message, signal) => {
      await call({ url: config.url.reveal(), body: messageOf(message, config) }, signal);
      return { messageId: message.idempotencyKey, threadId: '' };
    };
  },
});

function messageOf(message: ChannelMessage, config: TeamsConfig): object {
  const build = (page: Page) => envelope(cardOf(page, message, config), page.headline);
  return build(fitPage(message.page, (page) => Buffer.byteLength(JSON.stringify(build(page))) <= maxCardBytes));
}

/** `summary` is the text of the notification. */
function envelope(content: object, summary: string): object {
  const contentType = 'application/vnd.microsoft.card.adaptive';
  return { type: 'message', summary, attachments: [{ contentType, contentUrl: null, content }] };
}

function cardOf(page: Page, { isPushed, maybeSent }: ChannelMessage, { mentions: ids }: TeamsConfig): object {
  const mentioned = isPushed ? page.mentions.filter(({ team }) => ids[team] !== undefined) : [];
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
    actions: [{ type: 'Action.OpenUrl', title: openLinkText, url: page.link }],
  };
}

function text(line: string): { readonly type: 'TextBlock'; readonly text: string; readonly wrap: true } {
  return { type: 'TextBlock', text: line.startsWith('<at>') ? line : escapeMarkdown(line), wrap: true };
}

function at(team: string): string {
  return `<at>${team}</at>`;
}

function entityOf({ team }: Mention, ids: TeamsConfig['mentions']): object {
  return { type: 'mention', text: at(team), mentioned: { id: ids[team], name: team } };
}

/** A text block reads links, emphasis and lists. Names of services hold underscores and stars. */
function escapeMarkdown(line: string): string {
  return line.replace(/[\\*_[\]`~]/g, '\\$&');
}

function colorOf({ status, severity }: Page): string {
  if (status === 'resolved') return 'Good';
  return severity === 'critical' || severity === 'error' ? 'Attention' : 'Warning';
}
