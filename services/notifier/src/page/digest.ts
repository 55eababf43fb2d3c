/**
 * A digest of the page that was sent, kept in `Delivery.contentHash` as `page.cause.status`. The next revision is compared with it:
 * the same page, a page with new details, or a page that names another cause.
 */
import { contentId, type Incident } from '@faultline/model';
import type { Page } from './page.ts';
import { pageText } from './text.ts';

export interface Digest {
  readonly page: string;
  readonly cause: string;
  readonly status: string;
}

/** The digest of a page. */
export function digestOf(page: Page): string {
  return `${contentId(pageText(page))}.${contentId(page.causeKey)}.${page.status}`;
}

/** Null for a text that is not a digest: then it is unknown which page was sent. */
export function parseDigest(text: string): Digest | null {
  const [page, cause, status, ...rest] = text.split('.');
  if (!page || !cause || !isStatus(status) || rest.length > 0) return null;
  return { page, cause, status };
}

const noCause = contentId('');

/** Whether the page of this digest names a cause. */
export function namesCause({ cause }: Digest): boolean {
  return cause !== noCause;
}

function isStatus(text: string | undefined): text is Incident['status'] {
  return text === 'open' || text === 'acknowledged' || text === 'resolved';
}
