/** Pages by key, not by offset: what is added meanwhile neither repeats nor skips a row. */

/** `token` comes from the page before; null asks for the first. At most 500 rows a page. */
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

/** A size within bounds. */
export function pageSize({ size }: PageRequest): number {
  return Math.min(maxSize, Math.max(1, Math.floor(size)));
}

/** The place after which the page begins: the sort key of the last row seen, a time and texts. Null on a token that is not ours. */
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

/** Cuts one row more than a page into the page and its token. */
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
