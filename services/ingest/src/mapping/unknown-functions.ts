/** Finds calls of functions that nobody defines. JSONata itself notices them when it runs, and then only on the body that gets there. */
import type jsonata from 'jsonata';
import { isJsonObject } from '../field.ts';

/** JSONata 2.2: https://docs.jsonata.org. `labels` and `text` are ours. */
const builtIn = new Set(
  `sum count max min average string substring substringBefore substringAfter lowercase uppercase length trim pad match contains replace split
  join formatNumber formatBase formatInteger parseInteger number floor ceil round abs sqrt power random boolean not map zip filter single
  reduce sift keys lookup append exists spread merge reverse each error assert type sort shuffle distinct base64encode base64decode
  encodeUrlComponent encodeUrl decodeUrlComponent decodeUrl eval toMillis fromMillis now millis labels text`.split(
    /\s+/,
  ),
);

/** Their names, without `$`, in the order in which they are called. */
export function unknownFunctions(ast: ReturnType<jsonata.Expression['ast']>): string[] {
  const nodes = nodesOf(ast);
  const named = new Set(nodes.flatMap(namesBound));
  const called = nodes.flatMap(namesCalled);
  return [...new Set(called)].filter((name) => !builtIn.has(name) && !named.has(name));
}

type Node = Readonly<Record<string, unknown>>;

function nodesOf(value: unknown): Node[] {
  if (Array.isArray(value)) return value.flatMap(nodesOf);
  return isJsonObject(value) ? [value, ...Object.values(value).flatMap(nodesOf)] : [];
}

/** Scopes are not followed: a name that is bound anywhere counts. */
function namesBound({ type, lhs, arguments: parameters }: Node): string[] {
  if (type === 'bind') return variableName(lhs);
  return type === 'lambda' && Array.isArray(parameters) ? parameters.flatMap(variableName) : [];
}

function namesCalled({ type, procedure, rhs }: Node): string[] {
  if (type === 'function' || type === 'partial') return variableName(procedure);
  return type === 'apply' ? variableName(rhs) : [];
}

function variableName(node: unknown): string[] {
  return isJsonObject(node) && node['type'] === 'variable' && typeof node['value'] === 'string' ? [node['value']] : [];
}
