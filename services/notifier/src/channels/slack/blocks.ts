/** A page as Slack blocks within Slack's size limits. Long texts are cut; then whole parts are dropped, least needed first. */
import type { Page } from '../../page/page.ts';
import { factLines } from '../../page/text.ts';
import { openLinkText } from '../../page/words.ts';

export interface SlackBlock {
  readonly type: 'section' | 'context';
  readonly text?: { readonly type: 'mrkdwn'; readonly text: string };
  readonly elements?: readonly { readonly type: 'mrkdwn'; readonly text: string }[];
}

/** Slack documents 3,000 characters a text and 50 blocks. The limit near 13,000 characters in all is not documented (bolt-js#2509). */
export const slackBudget = { textChars: 3000, totalChars: 12_500, blocks: 50, fallbackChars: 3000 };

/** Parts that may be dropped, least needed first. */
const expendable: readonly (keyof Page)[] = [
  'past',
  'refutation',
  'alternatives',
  'footer',
  'evidence',
  'impact',
  'changeReason',
  'change',
  'owner',
  'runbook',
];

/** Blocks within the budget. They always hold the headline, the cause and the link. */
export function slackBlocks(page: Page, budget = slackBudget): readonly SlackBlock[] {
  let shown = page;
  for (const part of expendable) {
    const blocks = layOut(shown, budget.textChars);
    if (blocks.length <= budget.blocks && JSON.stringify(blocks).length <= budget.totalChars) return blocks;
    shown = { ...shown, [part]: part === 'evidence' ? [] : '' };
  }
  return layOut(shown, Math.min(budget.textChars, Math.floor(budget.totalChars / 5)));
}

/** Text of the notification, also shown by clients without blocks. */
export function slackFallbackText(page: Page): string {
  return clip(escapeSlack(page.headline), slackBudget.fallbackChars);
}

function layOut(page: Page, textChars: number): readonly SlackBlock[] {
  const section = (text: string): SlackBlock[] =>
    text === '' ? [] : [{ type: 'section', text: { type: 'mrkdwn', text: clip(text, textChars) } }];
  const evidence = page.evidence.map((line) => `• ${escapeSlack(line)}`).join('\n');
  const facts = factLines(page, '• ');
  const context = [page.footer]
    .filter((line) => line !== '')
    .map((text) => ({ type: 'mrkdwn' as const, text: clip(escapeSlack(text), textChars) }));
  return [
    ...section(
      [`*${escapeSlack(page.headline)}*`, escapeSlack(page.cause), escapeSlack(page.path)].filter(Boolean).join('\n'),
    ),
    ...section(evidence),
    ...section(facts.map(escapeSlack).join('\n')),
    ...section(`<${linkUrl(page.link)}|${openLinkText}>`),
    ...(context.length === 0 ? [] : [{ type: 'context' as const, elements: context }]),
  ];
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
