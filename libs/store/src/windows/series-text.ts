/**
 * The texts that identify a series. The engine hashes them, so they are as its own functions wrote them before the
 * recorder did: series go on over an upgrade. A test compares them with the engine.
 */
import type { Attributes } from '@faultline/model';

/** `a=1,b=2`, by name. */
export function attributeText(attributes: Attributes): string {
  const names = sortedNames(attributes);
  return names.map((name) => `${name}=${attributes[name]}`).join(',');
}

/** `{'a':'1','b':'2'}`, by name: ClickHouse's text of a sorted map. */
export function resourceText(attributes: Attributes): string {
  const entries = sortedNames(attributes).map((name) => `${quoted(name)}:${quoted(attributes[name] ?? '')}`);
  return `{${entries.join(',')}}`;
}

const surrogate = /[\ud800-\udfff]/;

/** In the order of their UTF-8 bytes. Without surrogate pairs that is the order of JavaScript. */
function sortedNames(attributes: Attributes): readonly string[] {
  const names = Object.keys(attributes);
  if (names.length < 2) return names;
  return names.some((name) => surrogate.test(name))
    ? names.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    : names.sort();
}

const escapes: Readonly<Record<string, string>> = {
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\0': '\\0',
  '\\': '\\\\',
  "'": "\\'",
};
const escaped = /[\b\f\n\r\t\0\\']/g;

function quoted(text: string): string {
  return `'${text.replace(escaped, (character) => escapes[character] ?? character)}'`;
}
