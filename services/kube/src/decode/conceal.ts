/**
 * Takes values out of objects that nobody may read: what Secrets and ConfigMaps hold, and literal credentials in a pod's template. A salted
 * hash stands in, so that a difference still shows. Nothing behind this file ever sees the values.
 */
import { createHmac } from 'node:crypto';
import { isObject, type Json, type JsonObject } from '../api/json.ts';

export interface Concealer {
  /** The same value has the same hash in one installation only. */
  hash(value: string): string;
}

export function createConcealer(salt: string): Concealer {
  return { hash: (value) => `hash:${createHmac('sha256', salt).update(value).digest('hex').slice(0, 24)}` };
}

/**
 * A text as it was written. One that looks like a hash gets a space, so that only what is concealed here looks like one: else
 * whoever writes a value could hide it from everybody who looks at drift.
 */
export function writtenText(value: string): string {
  return value.replaceAll(/hash:(?=[0-9a-f]{24})/g, 'hash :');
}

const credentialName =
  /pass(word|wd|phrase)?|secret|token|credential|api[-_]?key|private[-_]?key|access[-_]?key|auth|dsn|conn(ection)?[-_]?str/i;

/** A password in an address, the header of a key, a token of a known shape, or a long text that mixes cases and digits. */
const credentialValue =
  /:\/\/[^/\s:@]*:[^/\s@]+@|-----BEGIN|\beyJ[\w-]{10,}\.|\b(ghp|gho|xox[abp]|sk|pk|AKIA|ASIA|glpat)[-_A-Za-z0-9]{10,}|^(?=.*\d)(?=.*[a-z])(?=.*[A-Z])[A-Za-z0-9+/_=-]{20,}$|^[0-9a-f]{32,}$/;

/** Whether a setting's value must not be shown, by the name of the setting or by its own look. */
export function isCredential(name: string, value: string): boolean {
  return credentialName.test(name) || credentialValue.test(value);
}

/** Each value of a map as its hash. */
export function hashEach(values: JsonObject, concealer: Concealer): JsonObject {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key,
      concealer.hash(typeof value === 'string' ? value : JSON.stringify(value)),
    ]),
  );
}

/**
 * The same JSON with literal credentials hashed: values of environment variables, arguments, and annotations. Parts without any are returned as
 * they are, since most objects have none.
 */
export function concealCredentials(value: Json, concealer: Concealer, key = ''): Json {
  if (Array.isArray(value))
    return argumentLists.has(key)
      ? concealArguments(value, concealer)
      : mapped(value, (item) => concealCredentials(item, concealer));
  if (typeof value === 'string') return writtenText(value);
  if (!isObject(value)) return value;
  const inner = mappedParts(value, (part, held) => concealCredentials(held, concealer, part));
  const { name, value: setting } = value;
  // An environment variable, or a header of a probe: its name stands beside its value.
  if (typeof name !== 'string' || typeof setting !== 'string') return inner;
  const shown = concealText(name, setting, concealer);
  return inner['value'] === shown ? inner : { ...inner, value: shown };
}

/** The same list where no item differs. Most hold nothing to conceal, so a look at an object again costs no copy. */
function mapped(items: readonly Json[], map: (item: Json) => Json): readonly Json[] {
  const next = items.map(map);
  return next.every((item, index) => item === items[index]) ? items : next;
}

/** The same object where no key and no value differs. */
function mappedParts(value: JsonObject, map: (part: string, held: Json) => Json): JsonObject {
  const parts = Object.entries(value).map(([part, held]) => [writtenText(part), map(part, held ?? null)] as const);
  return parts.every(([part, held]) => value[part] === held) ? value : Object.fromEntries(parts);
}

const argumentLists: ReadonlySet<string> = new Set(['args', 'command']);

/** `--password x` puts the name before the value; `--password=x` holds both. */
function concealArguments(values: readonly Json[], concealer: Concealer): Json {
  let flag = '';
  return values.map((value) => {
    if (typeof value !== 'string') return concealCredentials(value, concealer);
    const [before = '', ...after] = value.split('=');
    const assigned = after.join('=');
    if (assigned !== '')
      return isCredential(before, assigned) ? `${writtenText(before)}=${concealer.hash(assigned)}` : writtenText(value);
    const isConcealed = !value.startsWith('-') && isCredential(flag, value);
    flag = value.startsWith('-') ? value : '';
    return isConcealed ? concealer.hash(value) : writtenText(value);
  });
}

/** Texts by name, such as annotations, with credentials hashed. */
export function concealTexts(values: Readonly<Record<string, string>>, concealer: Concealer): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [writtenText(name), concealText(name, value, concealer)]),
  );
}

function concealText(name: string, value: string, concealer: Concealer): string {
  return isCredential(name, value) ? concealer.hash(value) : writtenText(value);
}
