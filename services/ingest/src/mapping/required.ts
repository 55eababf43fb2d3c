/**
 * What a body must have before its mapping runs. Without it a mapping would make an item of an empty body: a deployment of
 * nothing, or an alert without a name.
 */
import { type Field, invalid, isJsonObject, scalarText } from '../field.ts';

/** What is missing is named by the key; the value says what was expected. */
export interface RequiredParts {
  /** Names in lower case. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Paths with dots, such as `involvedObject.name`. Each must hold a text, a number or a boolean. */
  readonly fields?: Readonly<Record<string, string>>;
}

export interface SentParts {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** The problem names the first part that is missing or empty. */
export function checkRequired(required: RequiredParts, { headers, body }: SentParts): Field<null> {
  for (const [name, expected] of Object.entries(required.headers ?? {}))
    if ((headers[name] ?? '') === '') return invalid(`header ${name}`, `${expected}, got nothing`);
  const fields = Object.entries(required.fields ?? {});
  if (fields.length > 0 && !isJsonObject(body)) return invalid('body', `an object, got ${kindOf(body)}`);
  for (const [path, expected] of fields) {
    const value = valueAt(body, path);
    if (scalarText(value) === '') return invalid(path, `${expected}, got ${kindOf(value)}`);
  }
  return { ok: true, value: null };
}

function valueAt(body: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce((value: unknown, key) => (isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined), body);
}

/** Never the value itself: it may be a secret. */
function kindOf(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (value === '') return 'an empty text';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
