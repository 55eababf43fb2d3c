/** Attributes kept within a size: the largest are cut first, and a marker attribute tells which. */

export const truncatedMarker = 'faultline.truncated';
const keptLength = 256;
const markerBytes = 512;

/** Bytes of a map of texts, near enough: names, values and their length prefixes. */
export function attributesBytes(attributes: Readonly<Record<string, string>>): number {
  let bytes = 0;
  for (const name in attributes) bytes += entryBytes(name, attributes[name] ?? '');
  return bytes;
}

function entryBytes(name: string, value: string): number {
  return Buffer.byteLength(name) + Buffer.byteLength(value) + 4;
}

/**
 * The attributes, or when they are over `maxBytes` a copy that is not: first the largest values are cut to 256 characters, and if names alone
 * are too much, the largest entries are left out.
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
