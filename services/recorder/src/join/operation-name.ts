/** Path segments that are ids: numbers, UUIDs, long hex strings, and long mixtures of letters and digits. */
const idSegment =
  /^(\d+|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{16,}|(?=[a-z-_]*\d)(?=[\d-_]*[a-z])[\w-]{20,})$/i;
const maxLength = 200;

/**
 * A span's name without the ids in its path, so that `GET /orders/17` and `GET /orders/18` are one operation. Names
 * without a path only have their length limited.
 */
export function operationName(spanName: string): string {
  const name = spanName.length > maxLength ? spanName.slice(0, maxLength) : spanName;
  if (!name.includes('/')) return name;
  return name
    .replace(/[?#].*$/, '')
    .split('/')
    .map((segment, index) => (index > 0 && idSegment.test(segment) ? '{id}' : segment))
    .join('/');
}
