import type { Page } from './page.ts';

/** The facts of a page below its evidence, most needed first. `bullet` begins a line that belongs to the one above. */
export function factLines(page: Page, bullet: string): readonly string[] {
  return [
    page.change,
    page.changeReason === '' ? '' : `${bullet}${page.changeReason}`,
    page.impact,
    page.alternatives,
    page.refutation,
    page.past,
    page.owner === '' ? '' : `Owner: ${page.owner}`,
    page.runbook === '' ? '' : `Runbook: ${page.runbook}`,
  ].filter((line) => line !== '');
}

/** A page as plain text. At most 23 lines. No line but a link is longer than 120 characters. */
export function pageText(page: Page): string {
  const evidence = page.evidence.map((line) => `  - ${line}`);
  const facts = factLines(page, '  - ');
  const lines = [page.headline, page.cause, page.path, ...evidence, ...facts, `Details: ${page.link}`, page.footer];
  return lines.filter((line) => line !== '').join('\n');
}
