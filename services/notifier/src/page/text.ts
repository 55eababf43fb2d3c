import type { Page } from './page.ts';

/** Who can help, and how. It stands directly below the cause. */
export function helpLines({ owner, onCall, runbook }: Page): readonly string[] {
  return [owner === '' ? '' : `Owner: ${owner}`, onCall, runbook === '' ? '' : `Runbook: ${runbook}`].filter(isText);
}

/** The facts of a page below its evidence, most needed first. `bullet` begins a line that belongs to the one above. */
export function factLines(page: Page, bullet: string): readonly string[] {
  return [
    page.change,
    page.changeReason === '' ? '' : `${bullet}${page.changeReason}`,
    page.impact,
    page.triage,
    page.routing,
    page.environment,
    page.fix,
    page.rejections,
    page.alternatives,
    page.refutation,
    page.past,
  ].filter(isText);
}

/** A page as plain text. At most 25 lines. None is longer than 120 characters, but links, faults of objects and the reasons of triage. */
export function pageText(page: Page): string {
  return [page.headline, pageBody(page)].join('\n');
}

/** A page without its headline, for channels that show the headline as a title. */
export function pageBody(page: Page): string {
  const evidence = page.evidence.map((line) => `  - ${line}`);
  const facts = factLines(page, '  - ');
  const lines = [page.cause, ...helpLines(page), page.path, ...evidence, ...facts, detailsLine(page), page.footer];
  return lines.filter(isText).join('\n');
}

export function detailsLine({ link }: Page): string {
  return `Details: ${link}`;
}

function isText(line: string): boolean {
  return line !== '';
}
