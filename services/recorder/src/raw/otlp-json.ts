/**
 * Reads the parts of an item that are stored as OTLP/JSON text: events, links, buckets, quantiles. Anything unexpected
 * is left out.
 */
import type { Attributes } from '@faultline/model';

export type JsonObject = Readonly<Record<string, unknown>>;

/** The objects of a JSON array; none when the text is empty or is no array. */
export function parseObjects(text: string): readonly JsonObject[] {
  if (text === '') return [];
  const parsed = parseJson(text);
  return Array.isArray(parsed) ? parsed.filter(isObject) : [];
}

/** A JSON object; empty when the text is none. */
export function parseObject(text: string): JsonObject {
  const parsed = text === '' ? {} : parseJson(text);
  return isObject(parsed) ? parsed : {};
}

/** A field that is an object; empty when it is not. */
export function objectField(object: JsonObject, name: string): JsonObject {
  const value = object[name];
  return isObject(value) ? value : {};
}

export function textField(object: JsonObject, name: string): string {
  const value = object[name];
  return typeof value === 'string' ? value : '';
}

/** A finite number, also when written as text, as OTLP/JSON writes 64-bit integers; otherwise 0. */
export function numberField(object: JsonObject, name: string): number {
  const value = Number(object[name] ?? 0);
  return Number.isFinite(value) ? value : 0;
}

/** A 64-bit integer, written as a number or as text; otherwise 0. */
export function bigintField(object: JsonObject, name: string): bigint {
  return toBigint(object[name]);
}

export function bigintsField(object: JsonObject, name: string): readonly bigint[] {
  const value = object[name];
  return Array.isArray(value) ? value.map(toBigint) : [];
}

/** OTLP's list of keys and values, or a plain object, as a map of texts. */
export function attributesField(object: JsonObject, name: string): Attributes {
  const value = object[name];
  if (!Array.isArray(value)) {
    return isObject(value)
      ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, valueText(item)]))
      : {};
  }
  return Object.fromEntries(
    value.filter(isObject).map((entry) => [textField(entry, 'key'), valueText(entry['value'])]),
  );
}

/** `{stringValue: 'a'}` becomes `a`. Lists and maps become JSON. */
function valueText(value: unknown): string {
  if (!isObject(value)) return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  const inner = Object.values(value)[0];
  return isObject(inner) || Array.isArray(inner) ? JSON.stringify(inner) : String(inner ?? '');
}

function toBigint(value: unknown): bigint {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
  return typeof value === 'string' && /^-?\d{1,20}$/.test(value) ? BigInt(value) : 0n;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
