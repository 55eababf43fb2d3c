/** Ids are hashes of content, so that the same input has the same id in every process and on every replay. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** The first 128 bits of SHA-256 over the parts, each prefixed by its length so that no two lists of parts read alike. Hex, 32 digits. */
export function contentId(...parts: readonly string[]): string {
  const text = parts.map((part) => `${part.length}:${part}`).join('');
  return bytesToHex(sha256(utf8ToBytes(text))).slice(0, 32);
}

const rawPrefix = 'raw-';

/** The id of the page of an alert that no core could take; `parts` tell that alert from all others. */
export function rawPageId(...parts: readonly string[]): string {
  return `${rawPrefix}${contentId('raw', ...parts)}`;
}

/** Whether an incident is such a page: no journal leads to it, and it has no life. */
export function isRawPageId(id: string): boolean {
  return id.startsWith(rawPrefix);
}
