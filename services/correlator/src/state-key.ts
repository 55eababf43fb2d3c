/** Keys of the `state` topic: `scopeKey|recordKey`. A bar in a scope's name is escaped, so that the first bar is ours. */

/** The key of one record of a scope's state. */
export function stateKey(scopeKey: string, recordKey: string): string {
  return `${scopeKey.replaceAll('%', '%25').replaceAll('|', '%7C')}|${recordKey}`;
}

/** The reverse; null for a key that is not ours. */
export function parseStateKey(key: string): { readonly scopeKey: string; readonly recordKey: string } | null {
  const cut = key.indexOf('|');
  if (cut < 0) return null;
  const scopeKey = key.slice(0, cut).replaceAll('%7C', '|').replaceAll('%25', '%');
  return { scopeKey, recordKey: key.slice(cut + 1) };
}
