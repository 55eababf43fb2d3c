/** A page as Slack blocks within Slack's size limits. Long texts are cut; then whole parts are dropped, least needed first. */

import type { Note } from '../../channel.ts';
import { fitPage } from '../../page/fit.ts';
import type { Page } from '../../page/page.ts';
import { factLines, helpLines } from '../../page/text.ts';
import { openLinkText } from '../../page/words.ts';
import { mentionId, mentionLabel, mentionText } from '../mentions.ts';
import type { ActionsBlock } from './actions.ts';

export interface TextBlock {
  readonly type: 'section' | 'context';
  readonly text?: { readonly type: 'mrkdwn'; readonly text: string };
  readonly elements?: readonly { readonly type: 'mrkdwn'; readonly text: string }[];
}
export type SlackBlock = TextBlock | ActionsBlock;

/** Slack documents 3,000 characters a text and 50 blocks. The limit near 13,000 characters in all is not documented (bolt-js#2509). */
export const slackBudget = { textChars: 3000, totalChars: 12_500, blocks: 50, fallbackChars: 3000 };

/** Blocks within the budget. They always hold the headline, the cause and the link. */
export function slackBlocks(
  page: Page,
  actions: readonly ActionsBlock[] = [],
  budget = slackBudget,
): readonly SlackBlock[] {
  const roomChars = budget.totalChars - JSON.stringify(actions).length;
  const fits = (shown: Page) => {
    const blocks = layOut(shown, budget.textChars);
    return blocks.length <= budget.blocks && JSON.stringify(blocks).length <= roomChars;
  };
  const shown = fitPage(page, fits);
  return [...layOut(shown, fits(shown) ? budget.textChars : Math.floor(roomChars / 5)), ...actions];
}

/** Text of the notification, also shown by clients without blocks. */
export function slackFallbackText(page: Page): string {
  return clip(escapeSlack(page.headline), slackBudget.fallbackChars);
}

/** A reply. One that people must hear of mentions the owners. */
export function slackNoteText(note: Note, page: Page, mentioned: Readonly<Record<string, string>>): string {
  const text = escapeSlack(note.text);
  if (!note.isPushed || page.mentions.length === 0) return text;
  const owners = page.mentions.map(({ team, contact }) => {
    const id = mentionId(mentioned, team);
    return id === undefined ? escapeSlack(mentionText({ team, contact })) : mentionOf(id);
  });
  return `${text}\n${mentionLabel(page)}${owners.join(', ')}`;
}

/** Who is on call, below a first page. */
export function onCallBlocks(ids: readonly string[]): readonly SlackBlock[] {
  if (ids.length === 0) return [];
  return [{ type: 'section', text: { type: 'mrkdwn', text: `On call: ${ids.map(mentionOf).join(', ')}` } }];
}

/** User groups have ids that begin with S. */
function mentionOf(id: string): string {
  return id.startsWith('S') ? `<!subteam^${id}>` : `<@${id}>`;
}

function layOut(page: Page, textChars: number): readonly TextBlock[] {
  const section = (lines: readonly string[]): TextBlock[] => {
    const text = lines.filter((line) => line !== '').join('\n');
    return text === '' ? [] : [{ type: 'section', text: { type: 'mrkdwn', text: clip(text, textChars) } }];
  };
  return [
    ...section([`*${escapeSlack(page.headline)}*`, escapeSlack(page.cause)]),
    ...section(helpLines(page).map(escapeSlack)),
    ...section([escapeSlack(page.path), ...page.evidence.map((line) => `• ${escapeSlack(line)}`)]),
    ...section(factLines(page, '• ').map(escapeSlack)),
    ...section([`<${linkUrl(page.link)}|${openLinkText}>`]),
    ...contextOf(page.footer, textChars),
  ];
}

function contextOf(footer: string, textChars: number): readonly TextBlock[] {
  if (footer === '') return [];
  return [{ type: 'context', elements: [{ type: 'mrkdwn', text: clip(escapeSlack(footer), textChars) }] }];
}

/** Escapes Slack's three control characters. */
export function escapeSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function linkUrl(url: string): string {
  return url.replaceAll('|', '%7C').replaceAll('>', '%3E');
}

/** Cuts before an entity such as `&amp;`, never inside it. */
function clip(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text;
  return `${text
    .slice(0, maxChars - 1)
    .replace(/&[a-z]*$/, '')
    .replace(/[\uD800-\uDBFF]$/, '')}…`;
}
