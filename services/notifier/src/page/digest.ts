/**
 * What was told, in short: kept in `Delivery.contentHash` as `page.cause.status`, so that the next revision can tell an equal page from one
 * that only adds, and that from one which names another cause.
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

/** Null for an empty or foreign text: then nothing is known of what was told. */
export function parseDigest(text: string): Digest | null {
  const [page, cause, status, ...rest] = text.split('.');
  if (!page || !cause || !isStatus(status) || rest.length > 0) return null;
  return { page, cause, status };
}

function isStatus(text: string | undefined): text is Incident['status'] {
  return text === 'open' || text === 'acknowledged' || text === 'resolved';
}
