import { FieldError } from '../errors.ts';

/** The sort key of the last row of a page. Callers see it as an opaque token. */
export type Cursor = readonly [sortMs: number, id: string];

/** The token for the page after this row. */
export function encodeCursor(cursor: Cursor): string {
  return Buffer.from(JSON.stringify(cursor)).toString('base64url');
}

/** Null for an empty token (the first page). Throws `FieldError` for a token that is not ours. */
export function parseCursor(token: string): Cursor | null {
  if (token === '') return null;
  try {
    const value: unknown = JSON.parse(Buffer.from(token, 'base64url').toString());
    if (Array.isArray(value) && typeof value[0] === 'number' && typeof value[1] === 'string')
      return [value[0], value[1]];
  } catch {
    // Refused below, like JSON that is not a cursor.
  }
  throw new FieldError('pageToken', 'is not a token of this listing; start again without it');
}

/** Splits sorted rows into the page and its next token. One row more than a page means that there is a next page. */
export function cutPage<Row>(rows: readonly Row[], size: number, cursorOf: (row: Row) => Cursor) {
  const page = rows.slice(0, size);
  const last = page.at(-1);
  return { page, nextPageToken: rows.length > size && last !== undefined ? encodeCursor(cursorOf(last)) : '' };
}

/** By default gRPC clients refuse answers above 4 MiB. The wire format is a little larger than what is measured here. */
const maxPageBytes = 3 * 1024 * 1024;

/** The first rows that fit into one answer, converted by `show`. At least one. */
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
