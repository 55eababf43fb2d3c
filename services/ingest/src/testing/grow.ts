/** Grows an example of a tool's body: its lists get more members, or its texts more words. */
import { isJsonObject } from '../field.ts';

export type GrownPart = 'lists' | 'texts';

/** JSON of nearly that size; null when the body has no such part. */
export function grownBody(body: unknown, part: GrownPart, sizeBytes: number): string | null {
  const text = (count: number) => JSON.stringify(grow(body, part, count));
  if (typeof body === 'string' || text(100).length <= text(2).length) return null;
  let [fits, tooMany] = [1, sizeBytes];
  while (tooMany - fits > 1) {
    const middle = Math.floor((fits + tooMany) / 2);
    if (text(middle).length <= sizeBytes) fits = middle;
    else tooMany = middle;
  }
  return text(fits);
}

/** Only the innermost text, and only the outermost list: nested ones would multiply. */
function grow(value: unknown, part: GrownPart, count: number): unknown {
  if (Array.isArray(value))
    return part === 'lists' ? repeated(value, count) : value.map((item) => grow(item, part, count));
  if (isJsonObject(value))
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, grow(item, part, count)]));
  return typeof value === 'string' && part === 'texts' ? `${value}${' word'.repeat(count)}` : value;
}

function repeated(items: readonly unknown[], count: number): unknown[] {
  return items.length === 0 ? [] : Array.from({ length: count }, (_, index) => items[index % items.length]);
}
