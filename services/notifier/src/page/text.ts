import type { Page } from './page.ts';

/** The lines of a page below its headline: what every channel shows, in this order. At most 22, none over 100 characters but for links. */
export function pageLines(page: Page): readonly string[] {
  const evidence = page.evidence.map((line) => `  - ${line}`);
  const lines = [
    page.cause,
    page.path,
    ...evidence,
    page.change,
    page.changeReason === '' ? '' : `  - ${page.changeReason}`,
    page.impact,
    page.alternatives,
    page.refutation,
    page.past,
    page.owner === '' ? '' : `Owner: ${page.owner}`,
    page.runbook === '' ? '' : `Runbook: ${page.runbook}`,
    `Details: ${page.link}`,
    page.footer,
  ];
  return lines.filter((line) => line !== '');
}

/** The whole page as plain text. */
export function pageText(page: Page): string {
  return [page.headline, ...pageLines(page)].join('\n');
}
