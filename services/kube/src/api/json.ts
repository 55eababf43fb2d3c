/** Reads JSON of an API server whose shape is not known: a missing or odd part reads as absent, and never throws. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

const nothing: JsonObject = Object.freeze({});

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object at a path of keys; an empty one when there is none. */
export function at(value: Json | undefined, ...path: readonly string[]): JsonObject {
  const found = last(value, path);
  return isObject(found) ? found : nothing;
}

/** The text at the end of a path; empty when there is none. Numbers are written as text. */
export function text(value: Json | undefined, ...path: readonly string[]): string {
  const found = last(value, path);
  return typeof found === 'string' ? found : typeof found === 'number' ? String(found) : '';
}

/** The number at the end of a path; `otherwise` when there is none. */
export function numberAt(value: Json | undefined, path: readonly string[], otherwise = 0): number {
  const found = last(value, path);
  return typeof found === 'number' && Number.isFinite(found) ? found : otherwise;
}

export function isTrue(value: Json | undefined, ...path: readonly string[]): boolean {
  return last(value, path) === true;
}

/** The objects of the list at the end of a path. */
export function list(value: Json | undefined, ...path: readonly string[]): readonly JsonObject[] {
  const found = last(value, path);
  return Array.isArray(found) ? found.filter((item: Json): item is JsonObject => isObject(item)) : [];
}

/** The texts of the list at the end of a path. */
export function texts(value: Json | undefined, ...path: readonly string[]): readonly string[] {
  const found = last(value, path);
  return Array.isArray(found) ? found.filter((item: Json): item is string => typeof item === 'string') : [];
}

/** The texts of the object at the end of a path: labels, annotations, selectors. */
export function textMap(value: Json | undefined, ...path: readonly string[]): Readonly<Record<string, string>> {
  const found = last(value, path);
  if (!isObject(found)) return noTexts;
  return isTextMap(found) ? found : Object.fromEntries(Object.entries(found).filter(isTextEntry));
}

const noTexts: Readonly<Record<string, string>> = Object.freeze({});

/** Nearly every such object holds texts only, and then it needs no copy. */
function isTextMap(value: JsonObject): value is Readonly<Record<string, string>> {
  for (const key in value) if (typeof value[key] !== 'string') return false;
  return true;
}

function isTextEntry(entry: [string, Json]): entry is [string, string] {
  return typeof entry[1] === 'string';
}

/** The time at the end of a path, ms since 1970; null when there is none. */
export function timeMs(value: Json | undefined, ...path: readonly string[]): number | null {
  const ms = Date.parse(text(value, ...path));
  return Number.isNaN(ms) ? null : ms;
}

/** Undefined where a part of the path is absent. It is called for each field that is read, so it copies nothing. */
function last(value: Json | undefined, path: readonly string[]): Json | undefined {
  let found = value;
  for (const key of path) {
    if (!isObject(found) || !Object.hasOwn(found, key)) return undefined;
    found = found[key];
  }
  return found;
}

/** Null when the text is not JSON. */
export function parseJson(source: string): Json | null {
  try {
    return JSON.parse(source) as Json;
  } catch {
    return null;
  }
}
