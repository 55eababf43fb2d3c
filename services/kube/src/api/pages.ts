/** All pages of one kind, with limits: a server that repeats a page or never ends a list must not fill the memory. */
import { getHeapStatistics } from 'node:v8';
import { AppError } from '@faultline/runtime';
import type { ResourceKind } from '../resources/table.ts';
import { type ClientOptions, listPageOf } from './client.ts';
import type { JsonObject } from './json.ts';

export interface ListLimits {
  readonly maxPages: number;
  readonly maxPageChars: number;
  /** Of all pages together. */
  readonly maxListChars: number;
}

/** Objects take about twice the memory of their text, and half of the heap is left for everything else. */
const maxListChars = Math.floor(getHeapStatistics().heap_size_limit / 4);

/** A page is parsed in one go, which 128 MiB may hold up for a second. 500 objects of usual sizes have about 5 MiB. */
export const listLimits: ListLimits = {
  maxPages: 10_000,
  maxPageChars: Math.min(128 * 1024 * 1024, maxListChars),
  maxListChars,
};

export interface ObjectList {
  readonly items: readonly JsonObject[];
  readonly resourceVersion: string;
}

export interface ListRequest {
  readonly pageSize: number;
  readonly limits?: ListLimits;
}

/**
 * All objects of one state of the server. Throws as `listPageOf`, KUBE_BAD_ANSWER when a page token comes twice, and KUBE_LIST_TOO_LARGE
 * when a limit is passed.
 */
export async function listAllPages(
  options: ClientOptions,
  kind: ResourceKind,
  { pageSize, limits = listLimits }: ListRequest,
): Promise<ObjectList> {
  const items: JsonObject[] = [];
  const tokens = new Set<string>();
  let continueToken = '';
  let chars = 0;
  for (;;) {
    const page = await listPageOf(options, kind, { limit: pageSize, continueToken, maxChars: limits.maxPageChars });
    chars += page.chars;
    if (chars > limits.maxListChars) throw listTooLarge(`${limits.maxListChars} characters`);
    for (const item of page.items) items.push(item);
    continueToken = page.continueToken;
    if (continueToken === '') return { items, resourceVersion: page.resourceVersion };
    if (tokens.has(continueToken)) throw tokenRepeated();
    tokens.add(continueToken);
    if (tokens.size >= limits.maxPages) throw listTooLarge(`${limits.maxPages} pages`);
  }
}

function tokenRepeated(): AppError {
  const message = 'the API server sent the same page token twice, so its list would never end';
  return new AppError('KUBE_BAD_ANSWER', message, { kind: 'transient' });
}

function listTooLarge(limit: string): AppError {
  return new AppError('KUBE_LIST_TOO_LARGE', `the list has more than ${limit}`, { kind: 'permanent' });
}
