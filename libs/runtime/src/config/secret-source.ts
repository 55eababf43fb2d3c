import { readFileSync } from 'node:fs';
import type { Environment } from './environment.ts';
import { pathText } from './problem.ts';
import { childrenOf, isRecord, type SchemaNode, variantsOf } from './schema.ts';

/**
 * Returns a copy of `raw` in which each secret given as `{ file: path }` or `{ env: NAME }` is replaced by its text,
 * and the problems found.
 */
export function readSecrets(raw: unknown, schema: SchemaNode, env: Environment) {
  const problems: string[] = [];
  const visit = (value: unknown, nodes: readonly SchemaNode[], path: readonly PropertyKey[]): unknown => {
    const variants = nodes.flatMap((node) => variantsOf(node, value));
    if (isRecord(value) && variants.some((node) => node.secret === true)) {
      const read = readSource(value, env);
      if ('problem' in read) problems.push(`${pathText(path)}: ${read.problem}`);
      return 'text' in read ? read.text : undefined;
    }
    const step = (key: PropertyKey, child: unknown) =>
      visit(
        child,
        variants.flatMap((node) => childrenOf(node, key, value)),
        [...path, key],
      );
    if (Array.isArray(value)) return value.map((child, index) => step(index, child));
    if (isRecord(value))
      return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, step(key, child)]));
    return value;
  };
  return { value: visit(raw, [schema], []), problems };
}

function readSource(value: Record<string, unknown>, env: Environment): { text: string } | { problem: string } {
  const { file, env: name, ...rest } = value;
  if (Object.keys(rest).length > 0 || (file === undefined) === (name === undefined))
    return { problem: 'expected text, `{ file: path }` or `{ env: NAME }`' };
  if (name !== undefined) {
    const text = env[String(name)];
    return text === undefined || text === '' ? { problem: `the variable ${String(name)} is not set` } : { text };
  }
  try {
    return { text: readFileSync(String(file), 'utf8').replace(/\r?\n$/, '') };
  } catch (error) {
    return { problem: `cannot read the file of the secret: ${(error as Error).message}` };
  }
}
