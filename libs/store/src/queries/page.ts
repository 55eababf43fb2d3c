/** Pages by key instead of by offset, so that rows added meanwhile are neither repeated nor skipped. */

/** `token` comes from the previous page; null requests the first one. At most 500 rows per page. */
export interface PageRequest {
  readonly size: number;
  readonly token: string | null;
}

/** `next` is null on the last page. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}

const maxSize = 500;

/** Limits the page size. */
export function pageSize({ size }: PageRequest): number {
  return Math.min(maxSize, Math.max(1, Math.floor(size)));
}

/**
 * Decodes the sort key of the last row of the previous page: a time and texts. Null for a token that we did not issue.
 */
export function parsePageToken(token: string): { readonly atMs: number; readonly key: readonly string[] } | null {
  try {
    const parts: unknown = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
    if (!Array.isArray(parts) || !Number.isSafeInteger(parts[0])) return null;
    const [atMs, ...key] = parts;
    return key.every((part) => typeof part === 'string') ? { atMs, key } : null;
  } catch {
    return null;
  }
}

export function pageToken(atMs: number, ...key: readonly string[]): string {
  return Buffer.from(JSON.stringify([atMs, ...key])).toString('base64url');
}

/** Splits one row more than a page into the page and its token. */
export function toPage<Row, Item>(
  rows: readonly Row[],
  size: number,
  tokenOf: (row: Row) => string,
  itemOf: (row: Row) => Item,
): Page<Item> {
  const shown = rows.slice(0, size);
  const last = shown.at(-1);
  return { items: shown.map(itemOf), next: rows.length > size && last !== undefined ? tokenOf(last) : null };
}
