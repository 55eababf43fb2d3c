/** Keeps attributes within a size. The largest values are cut first, and a marker attribute names them. */

export const truncatedMarker = 'faultline.truncated';
const keptLength = 256;
const markerBytes = 512;

/** Approximate encoded size of a map of texts, in bytes: names, values and their length prefixes. */
export function attributesBytes(attributes: Readonly<Record<string, string>>): number {
  let bytes = 0;
  for (const name in attributes) bytes += entryBytes(name, attributes[name] ?? '');
  return bytes;
}

function entryBytes(name: string, value: string): number {
  return Buffer.byteLength(name) + Buffer.byteLength(value) + 4;
}

/**
 * Returns the attributes, or a smaller copy when they are over `maxBytes`. It first cuts the largest values to 256 characters. If that is not
 * enough, it drops the largest entries.
 */
export function boundAttributes(
  attributes: Readonly<Record<string, string>>,
  maxBytes: number,
): Readonly<Record<string, string>> {
  const total = attributesBytes(attributes);
  if (total <= maxBytes) return attributes;
  const entries = Object.entries(attributes).sort(([, a], [, b]) => b.length - a.length);
  const touched: string[] = [];
  let over = total + markerBytes - maxBytes;
  const cut = entries.map(([name, value]): [string, string] => {
    if (over <= 0 || value.length <= keptLength) return [name, value];
    const kept = value.slice(0, keptLength).toWellFormed();
    over -= Buffer.byteLength(value) - Buffer.byteLength(kept);
    touched.push(name);
    return [name, kept];
  });
  const left = cut.filter(([name, value]) => {
    if (over <= 0) return true;
    over -= entryBytes(name, value);
    touched.push(name);
    return false;
  });
  return { ...Object.fromEntries(left), [truncatedMarker]: touched.join(',').slice(0, markerBytes / 4) };
}
