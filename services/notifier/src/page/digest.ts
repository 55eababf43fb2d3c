/**
 * A digest of the page that was sent, kept in `Delivery.contentHash` as `page.cause.status`, with `.level` unless it is a page. The next revision is compared with it:
 * the same page, a page with new details, or a page that names another cause.
 */
import { contentId, type Incident, type TriageLevel, triageLevels } from '@faultline/model';
import type { Page } from './page.ts';
import { pageText } from './text.ts';

export interface Digest {
  readonly page: string;
  readonly cause: string;
  readonly status: string;
  readonly level: TriageLevel;
}

/** The digest of a page. */
export function digestOf(page: Page): string {
  const level = page.level === 'page' ? '' : `.${page.level}`;
  return `${contentId(pageText(page))}.${contentId(page.causeKey)}.${page.status}${level}`;
}

/** Null for a text that is not a digest: then it is unknown which page was sent. */
export function parseDigest(text: string): Digest | null {
  const [page, cause, status, level = 'page', ...rest] = text.split('.');
  if (!page || !cause || !isStatus(status) || !isLevel(level) || rest.length > 0) return null;
  return { page, cause, status, level };
}

const noCause = contentId('');

/** Whether the page of this digest names a cause. */
export function namesCause({ cause }: Digest): boolean {
  return cause !== noCause;
}

function isLevel(text: string): text is TriageLevel {
  return triageLevels.some((level) => level === text);
}

function isStatus(text: string | undefined): text is Incident['status'] {
  return text === 'open' || text === 'acknowledged' || text === 'resolved';
}
