/**
 * Inlines parameters into the text of a statement, for the embedded engine. Its binding keeps parameter values for the
 * whole process, so statements with parameters run one after another on whatever connection. Without parameters they
 * run side by side.
 */
import { quoted } from './quoted.ts';

/** `{name:Type}`, as the server reads it. */
const parameter = /\{(\w+):([^{}]+)\}/g;

/**
 * Replaces each parameter by a constant of its type. Throws for a value that is not a string, a number or a list of
 * them: that is a bug.
 */
export function inlineParams(sql: string, params: Readonly<Record<string, unknown>>): string {
  return sql.replace(
    parameter,
    (_text, name: string, type: string) => `CAST(${literal(params[name], name)} AS ${type})`,
  );
}

function literal(value: unknown, name: string): string {
  if (typeof value === 'string') return quoted(value);
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return `[${value.map((one) => literal(one, name)).join(', ')}]`;
  throw new TypeError(`parameter ${name} is ${typeof value}: expected a string, a number or a list of them`);
}
