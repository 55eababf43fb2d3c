/** A page as Slack blocks, measured so that Slack never refuses it: what does not fit is shortened, then left out, least needed first. */
import type { Page } from '../../page/page.ts';

export interface SlackBlock {
  readonly type: 'section' | 'context';
  readonly text?: { readonly type: 'mrkdwn'; readonly text: string };
  readonly elements?: readonly { readonly type: 'mrkdwn'; readonly text: string }[];
}

/** Slack's limits: 3,000 characters of a text and 50 blocks are documented; near 13,000 in all is not (bolt-js#2509). */
export const slackBudget = { textChars: 3000, totalChars: 12_500, blocks: 50, fallbackChars: 3000 };

/** Least needed first. */
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

/** Blocks within the budget. The headline, the cause and the link are always among them. */
export function slackBlocks(page: Page, budget = slackBudget): readonly SlackBlock[] {
  let shown = page;
  for (const part of expendable) {
    const blocks = layOut(shown, budget.textChars);
    if (blocks.length <= budget.blocks && JSON.stringify(blocks).length <= budget.totalChars) return blocks;
    shown = { ...shown, [part]: part === 'evidence' ? [] : '' };
  }
  return layOut(shown, Math.min(budget.textChars, Math.floor(budget.totalChars / 5)));
}

/** The notification's text, also shown where blocks are not. */
export function slackFallbackText(page: Page): string {
  return clip(escapeSlack(page.headline), slackBudget.fallbackChars);
}

function layOut(page: Page, textChars: number): readonly SlackBlock[] {
  const section = (text: string): SlackBlock[] =>
    text === '' ? [] : [{ type: 'section', text: { type: 'mrkdwn', text: clip(text, textChars) } }];
  const evidence = page.evidence.map((line) => `• ${escapeSlack(line)}`).join('\n');
  const facts = [
    page.change,
    page.changeReason === '' ? '' : `• ${page.changeReason}`,
    page.impact,
    page.alternatives,
    page.refutation,
    page.past,
    page.owner === '' ? '' : `Owner: ${page.owner}`,
    page.runbook === '' ? '' : `Runbook: ${page.runbook}`,
  ].filter((line) => line !== '');
  const context = [page.footer]
    .filter((line) => line !== '')
    .map((text) => ({ type: 'mrkdwn' as const, text: clip(escapeSlack(text), textChars) }));
  return [
    ...section(
      [`*${escapeSlack(page.headline)}*`, escapeSlack(page.cause), escapeSlack(page.path)].filter(Boolean).join('\n'),
    ),
    ...section(evidence),
    ...section(facts.map(escapeSlack).join('\n')),
    ...section(`<${linkUrl(page.link)}|Open the incident>`),
    ...(context.length === 0 ? [] : [{ type: 'context' as const, elements: context }]),
  ];
}

/** Slack's three control characters. */
export function escapeSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function linkUrl(url: string): string {
  return url.replaceAll('|', '%7C').replaceAll('>', '%3E');
}

/** Never cuts an entity (`&amp;`) in two. */
function clip(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text;
  return `${text
    .slice(0, maxChars - 1)
    .replace(/&[a-z]*$/, '')
    .replace(/[\uD800-\uDBFF]$/, '')}…`;
}
