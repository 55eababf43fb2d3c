import { FieldError } from '../errors.ts';

/** Where a page ended: the sort key of its last row. Opaque to callers. */
export type Cursor = readonly [sortMs: number, id: string];

/** The token for the page after this row. */
export function encodeCursor(cursor: Cursor): string {
  return Buffer.from(JSON.stringify(cursor)).toString('base64url');
}

/** Null for an empty token (the first page). Throws `FieldError` for one that we did not make. */
export function parseCursor(token: string): Cursor | null {
  if (token === '') return null;
  try {
    const value: unknown = JSON.parse(Buffer.from(token, 'base64url').toString());
    if (Array.isArray(value) && typeof value[0] === 'number' && typeof value[1] === 'string')
      return [value[0], value[1]];
  } catch {
    // Told below: what is not ours is refused the same way whether or not it is JSON.
  }
  throw new FieldError('pageToken', 'is not a token of this listing; start again without it');
}

/** Cuts one more than a page of sorted rows into the page and the token for the next. */
export function cutPage<Row>(rows: readonly Row[], size: number, cursorOf: (row: Row) => Cursor) {
  const page = rows.slice(0, size);
  const last = page.at(-1);
  return { page, nextPageToken: rows.length > size && last !== undefined ? encodeCursor(cursorOf(last)) : '' };
}

/** gRPC clients refuse answers of more than 4 MiB unless told otherwise; what is measured here grows a little on the wire. */
const maxPageBytes = 3 * 1024 * 1024;

/** The first rows that one answer holds, shown; at least one. */
export function fitPage<Row, Shown>(rows: readonly Row[], show: (row: Row) => Shown, maxBytes = maxPageBytes): Shown[] {
  const page: Shown[] = [];
  let bytes = 0;
  for (const row of rows) {
    const shown = show(row);
    bytes += Buffer.byteLength(JSON.stringify(shown));
    if (bytes > maxBytes && page.length > 0) break;
    page.push(shown);
  }
  return page;
}
