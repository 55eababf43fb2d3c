/** Describes problems of a configuration: where, what was expected, what was found. */
import type { z } from 'zod';
import { nearest } from './nearest.ts';
import { childrenOf, isRecord, keysOf, type SchemaNode, variantsOf } from './schema.ts';

type Path = readonly PropertyKey[];

/** Returns one line per problem. `raw` is the value that was checked. */
export function describeProblems(error: z.ZodError, schema: SchemaNode, raw: unknown): readonly string[] {
  return error.issues.flatMap((issue) => {
    const at = walk(schema, raw, issue.path);
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => unknownKey(issue.path, key, keysOf(at.nodes)));
    const found = at.isSecret ? 'a secret' : textOf(at.value);
    return [`${pathText(issue.path)}: expected ${expectation(issue, at.isSecret ? '' : at.value)}, found ${found}`];
  });
}

/** The line for an unknown key. */
export function unknownKey(path: Path, key: string, known: readonly string[]): string {
  const near = nearest(key, known);
  const hint = near === null ? `known keys: ${[...known].sort().join(', ')}` : `did you mean \`${near}\`?`;
  return `${pathText([...path, key])}: unknown key; ${hint}`;
}

/** Formats a path: `notifier.channels[0].url`. */
export function pathText(path: Path): string {
  return path
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index > 0 ? '.' : ''}${String(step)}`))
    .join('');
}

function walk(schema: SchemaNode, raw: unknown, path: Path) {
  let nodes = variantsOf(schema, raw);
  let value = raw;
  for (const step of path) {
    const parent = value;
    nodes = nodes.flatMap((node) => childrenOf(node, step, parent));
    value = isRecord(parent) || Array.isArray(parent) ? (parent as Record<PropertyKey, unknown>)[step] : undefined;
    nodes = nodes.flatMap((node) => variantsOf(node, value));
  }
  return { nodes, value, isSecret: nodes.some((node) => node.secret === true) && value !== undefined };
}

function expectation(issue: z.core.$ZodIssue, found: unknown): string {
  switch (issue.code) {
    case 'invalid_type':
      return typeNames[issue.expected] ?? issue.expected;
    case 'invalid_value':
      return oneOf(issue.values, found);
    case 'too_small':
      return `${sizeOf(issue.origin)} at least ${issue.minimum}`;
    case 'too_big':
      return `${sizeOf(issue.origin)} at most ${issue.maximum}`;
    case 'invalid_union':
      return 'options' in issue && Array.isArray(issue.options)
        ? issue.options.map((value) => JSON.stringify(value)).join(' or ')
        : 'one of its documented forms';
    case 'invalid_format':
      return issue.message.startsWith('Invalid') ? `a valid ${issue.format}` : issue.message;
    default:
      return issue.message;
  }
}

/** Values that one line can list. */
const mostValues = 10;

/** Of a long list, the value that was probably meant, or some of the first. */
function oneOf(values: readonly unknown[], found: unknown): string {
  const shown = values.slice(0, mostValues).map((value) => JSON.stringify(value));
  if (values.length <= mostValues) return shown.join(' or ');
  const near = typeof found === 'string' ? nearest(found, values.map(String)) : null;
  const hint = near === null ? `such as ${shown.join(', ')}` : `did you mean ${JSON.stringify(near)}?`;
  return `one of ${values.length} values (${hint})`;
}

const typeNames: Readonly<Record<string, string>> = {
  int: 'a whole number',
  number: 'a number',
  string: 'text',
  boolean: 'true or false',
  object: 'a mapping of keys',
  record: 'a mapping of keys',
  array: 'a list',
};

function sizeOf(origin: string): string {
  if (origin === 'string') return 'text with a length of';
  return origin === 'array' ? 'a list with a length of' : 'a number of';
}

function textOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
