/** Fits a page into the size of a channel. Whole parts go, least needed first. A page is never refused for its size. */
import type { Page } from './page.ts';
import { pageText } from './text.ts';

/** Parts that may be dropped, least needed first. The headline, the cause and the link always stay. */
const expendable = [
  'past',
  'fix',
  'triage',
  'refutation',
  'rejections',
  'alternatives',
  'footer',
  'evidence',
  'path',
  'environment',
  'impact',
  'changeReason',
  'change',
  'runbook',
  'owner',
] as const satisfies readonly (keyof Page)[];

/** The largest page that fits. When none fits, the smallest one, which the caller has to cut. */
export function fitPage(page: Page, fits: (page: Page) => boolean): Page {
  let shown = page;
  for (const part of expendable) {
    if (fits(shown)) return shown;
    shown = { ...shown, [part]: part === 'evidence' ? [] : '' };
  }
  return shown;
}

/** A text of the page of at most that many characters. The link is kept whole where it has room. */
export function fitText(page: Page, maxChars: number, textOf: (page: Page) => string = pageText): string {
  const text = textOf(fitPage(page, (shown) => textOf(shown).length <= maxChars));
  if (text.length <= maxChars) return text;
  const link = `\n${page.link}`;
  return link.length < maxChars ? `${clip(page.headline, maxChars - link.length)}${link}` : clip(text, maxChars);
}

/** Cuts at the end, never inside a character of two units. */
export function clip(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text;
  return `${text.slice(0, Math.max(0, maxChars - 1)).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** Cuts to bytes of UTF-8, never inside a character. */
export function clipBytes(text: string, maxBytes: number): string {
  if (Buffer.byteLength(text) <= maxBytes) return text;
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(Math.max(0, maxBytes - 3)));
  return `${text.slice(0, read)}…`;
}
