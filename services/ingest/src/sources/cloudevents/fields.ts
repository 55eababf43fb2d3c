/** Reads fields of CDEvents. */
import { cut, isJsonObject, type Json, scalarText } from '../../field.ts';

/** Subject ids may be paths or URIs: `namespace/cart`. */
export function lastPart(id: string): string {
  return cut(
    id
      .split('/')
      .filter((part) => part !== '')
      .at(-1) ?? '',
    256,
  );
}

export function objectAt(owner: Json, field: string): Json {
  const value = owner[field];
  return isJsonObject(value) ? value : {};
}

export function textsOf(owner: Json): Record<string, string> {
  const entries = Object.entries(owner).map(([field, value]) => [field, cut(scalarText(value), 1024)] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== ''));
}
