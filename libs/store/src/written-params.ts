/**
 * Parameters written into the text of a statement, for the embedded engine: its binding runs statements that have parameters one after the other, on
 * whatever connection, because it keeps their values for the whole process. Without any they run side by side.
 */
import { quoted } from './quoted.ts';

/** `{name:Type}`, as the server reads it. */
const parameter = /\{(\w+):([^{}]+)\}/g;

/** The statement with each parameter as a constant of its type. Throws on a value that is no string, number or list of them: that is a bug. */
export function writeParams(sql: string, params: Readonly<Record<string, unknown>>): string {
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
