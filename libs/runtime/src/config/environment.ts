/**
 * Overrides from the environment, by one rule: `FAULTLINE_` and the path in upper snake case, with steps joined by two
 * underscores and list elements by index. `http.bodyMaxBytes` is FAULTLINE_HTTP__BODY_MAX_BYTES. Values are read as
 * YAML; text keys take the text as it is.
 */
import { parse } from 'yaml';
import { nearest } from './nearest.ts';
import { childrenOf, isRecord, keysOf, type SchemaNode, variantsOf } from './schema.ts';

const prefix = 'FAULTLINE_';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The variable name of a path. */
export function environmentName(path: readonly string[]): string {
  return prefix + path.map(upperSnake).join('__');
}

/** Returns a copy of `raw` with the overrides, and the problems found. Variables without `__` are ignored. */
export function applyEnvironment(raw: unknown, schema: SchemaNode, env: Environment) {
  const value: Record<string, unknown> = isRecord(raw) ? structuredClone(raw) : {};
  const problems: string[] = [];
  for (const [name, text] of Object.entries(env).sort()) {
    if (!name.startsWith(prefix) || !name.includes('__') || text === undefined) continue;
    const target = resolveName(name, schema);
    if (typeof target === 'string') problems.push(target);
    else set(value, target.path, parseOverride(text, target.nodes));
  }
  return { value, problems };
}

function resolveName(name: string, schema: SchemaNode) {
  const path: (string | number)[] = [];
  let nodes: readonly SchemaNode[] = [schema];
  for (const part of name.slice(prefix.length).split('__')) {
    const variants = nodes.flatMap((node) => variantsOf(node));
    const index = /^\d{1,3}$/.test(part) && variants.some((node) => node.items !== undefined) ? Number(part) : null;
    const step = index ?? keysOf(variants).find((key) => upperSnake(key) === part);
    if (step === undefined) return unknownName(name, path, part, keysOf(variants));
    path.push(step);
    nodes = variants.flatMap((node) => childrenOf(node, step));
  }
  return { path, nodes: nodes.flatMap((node) => variantsOf(node)) };
}

function unknownName(name: string, path: readonly (string | number)[], part: string, keys: readonly string[]): string {
  const near = nearest(part, keys.map(upperSnake));
  const right = prefix + [...path.map((step) => upperSnake(String(step))), near].join('__');
  return `${name}: no such key${near === null ? '' : `; did you mean ${right}?`}`;
}

function parseOverride(text: string, nodes: readonly SchemaNode[]): unknown {
  const canBeText = nodes.some((node) => node.type === 'string' || node.enum !== undefined);
  if (canBeText && text !== 'null') return text;
  try {
    return parse(text);
  } catch {
    return text;
  }
}

function set(root: Record<string, unknown>, path: readonly (string | number)[], value: unknown): void {
  let at: Record<string | number, unknown> = root;
  path.forEach((step, index) => {
    if (index === path.length - 1) at[step] = value;
    else {
      const next = at[step];
      if (typeof next !== 'object' || next === null) at[step] = typeof path[index + 1] === 'number' ? [] : {};
      at = at[step] as Record<string | number, unknown>;
    }
  });
}

function upperSnake(key: string): string {
  return key.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toUpperCase();
}
