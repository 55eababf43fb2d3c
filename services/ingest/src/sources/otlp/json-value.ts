/** OTLP/JSON values: the mapping of proto3 JSON with the exceptions of OTLP (hex ids, enums as numbers), read leniently. */
import { RefusedItem } from './refused.ts';
import { boundedText, tooDeepValue } from './validity.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** A value of the wrong type. The message names the field and what was expected; a fault of the item or of the request. */
export class ShapeError extends Error {}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * A field by its JSON name, or by its name in the `.proto` file, as proto3 JSON asks of a reader. Null is unset, also for members of a oneof:
 * undefined for both.
 */
export function fieldAt(owner: JsonObject, name: string): unknown {
  return owner[name] ?? owner[protoNameOf(name)] ?? undefined;
}

const protoNames = new Map<string, string>();

/** `startTimeUnixNano` is `start_time_unix_nano`. Only names of the format are asked for, so that the table stays small. */
function protoNameOf(name: string): string {
  const known = protoNames.get(name);
  if (known !== undefined) return known;
  const created = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  protoNames.set(name, created);
  return created;
}

export function objectAt(owner: JsonObject, name: string): JsonObject {
  const value = fieldAt(owner, name) ?? {};
  if (!isObject(value)) throw new ShapeError(`${name}: expected an object`);
  return value;
}

export function listAt(owner: JsonObject, name: string): readonly JsonObject[] {
  const value = fieldAt(owner, name) ?? [];
  if (!Array.isArray(value)) throw new ShapeError(`${name}: expected an array`);
  if (!value.every(isObject)) throw new ShapeError(`${name}: expected an array of objects`);
  return value;
}

export function textAt(owner: JsonObject, name: string): string {
  const value = fieldAt(owner, name) ?? '';
  if (typeof value !== 'string') throw new ShapeError(`${name}: expected a string`);
  return value.isWellFormed() ? value : value.toWellFormed();
}

const hexPattern = /^[0-9a-f]*$/;

/** An id in hex, lower-cased. */
export function hexAt(owner: JsonObject, name: string): string {
  const text = textAt(owner, name).toLowerCase();
  if (!hexPattern.test(text)) throw new ShapeError(`${name}: expected hexadecimal digits`);
  return text;
}

/** An id in hex, lower-cased; empty when it is written in any other way. For records that are of use without it. */
export function hexOrEmptyAt(owner: JsonObject, name: string): string {
  const value = fieldAt(owner, name);
  const text = typeof value === 'string' ? value.toLowerCase() : '';
  return hexPattern.test(text) ? text : '';
}

/** A 64-bit integer: a decimal string or a number. */
export function bigintAt(owner: JsonObject, name: string): bigint {
  return bigintOf(fieldAt(owner, name) ?? 0, name);
}

export function bigintOf(value: unknown, name: string): bigint {
  if (typeof value === 'number' && Number.isFinite(value)) return BigInt(Math.trunc(value));
  if (typeof value === 'string' && /^-?\d{1,20}$/.test(value)) return BigInt(value);
  throw new ShapeError(`${name}: expected a 64-bit integer, as a string or a number`);
}

export function numberAt(owner: JsonObject, name: string): number {
  return numberOf(fieldAt(owner, name) ?? 0, name);
}

/** A double: a number, or a string as proto3 JSON writes NaN and the infinities. */
export function numberOf(value: unknown, name: string): number {
  if (typeof value === 'number') return value;
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN;
  if (Number.isNaN(number) && value !== 'NaN') throw new ShapeError(`${name}: expected a number`);
  return number;
}

/** An enum as its number, or as its name with the prefix of its type. Unknown ones are 0. */
export function enumAt(owner: JsonObject, name: string, prefix: string, values: readonly string[]): number {
  const value = fieldAt(owner, name) ?? 0;
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') throw new ShapeError(`${name}: expected a number or a name`);
  return Math.max(0, values.indexOf(value.replace(prefix, '')));
}

export interface TextLimits {
  readonly textBytes: number;
  readonly valueDepth: number;
  readonly attributes: number;
  readonly labelValueBytes: number;
}

/** KeyValues as attributes. Throws ShapeError and RefusedItem. */
export function attributesAt(
  owner: JsonObject,
  limits: TextLimits,
): { attributes: Record<string, string>; count: number } {
  const list = listAt(owner, 'attributes');
  const kept = list.slice(0, limits.attributes);
  const entries = kept.map((entry) => [
    boundedText(textAt(entry, 'key'), limits.labelValueBytes),
    valueText(objectAt(entry, 'value'), limits),
  ]);
  return { attributes: Object.fromEntries(entries) as Record<string, string>, count: list.length };
}

/** An AnyValue as text: strings, numbers and booleans plain, bytes as base64, lists and maps as JSON. */
export function valueText(value: JsonObject, limits: TextLimits): string {
  const plain = plainOf(value, limits, 1);
  const text = typeof plain === 'string' ? plain : plain === null ? '' : plainText(plain);
  return boundedText(text.toWellFormed(), limits.textBytes);
}

function plainText(plain: unknown): string {
  return typeof plain === 'object' ? JSON.stringify(plain) : String(plain);
}

/** An AnyValue in the shape of OTLP/JSON as the value it stands for. */
export function plainOf(value: JsonObject, limits: TextLimits, depth: number): unknown {
  if (depth > limits.valueDepth + 1) throw new RefusedItem(tooDeepValue);
  const has = (member: string) => fieldAt(value, member) !== undefined;
  if (has('stringValue')) return textAt(value, 'stringValue');
  if (has('boolValue')) return fieldAt(value, 'boolValue') === true;
  if (has('intValue')) return plainInteger(bigintAt(value, 'intValue'));
  if (has('doubleValue')) return numberAt(value, 'doubleValue');
  if (has('bytesValue')) return textAt(value, 'bytesValue');
  if (has('arrayValue'))
    return listAt(objectAt(value, 'arrayValue'), 'values').map((item) => plainOf(item, limits, depth + 1));
  if (!has('kvlistValue')) return null;
  const entries = listAt(objectAt(value, 'kvlistValue'), 'values');
  return Object.fromEntries(
    entries.map((entry) => [textAt(entry, 'key'), plainOf(objectAt(entry, 'value'), limits, depth + 1)]),
  );
}

/** JSON has no 64-bit integers: beyond the safe range a decimal text stands in. */
export function plainInteger(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}
