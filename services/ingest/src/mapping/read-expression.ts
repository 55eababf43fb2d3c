/** Mappings are files beside their declaration, so that they can be copied, changed and tried. */
import { readFileSync } from 'node:fs';
import jsonata from 'jsonata';
import { unknownFunctions } from './unknown-functions.ts';

/** The text of a mapping file, such as `new URL('mapping.jsonata', import.meta.url)`. Throws when it is missing. */
export function readExpression(file: URL): string {
  return readFileSync(file, 'utf8');
}

/** Why this text is no JSONata, or calls a function that there is none of; null when it may run. Nothing is evaluated. */
export function expressionFlaw(expression: string): string | null {
  try {
    const [unknown] = unknownFunctions(jsonata(expression).ast());
    return unknown === undefined ? null : `there is no function $${unknown}`;
  } catch (error) {
    return flawText(error);
  }
}

/** `Expected ":" before end of expression (character 17 of the expression)`. JSONata throws objects that are no Error. */
export function flawText(error: unknown): string {
  const { message, position } = error as { message?: unknown; position?: unknown };
  const where = typeof position === 'number' ? ` (character ${position} of the expression)` : '';
  return `${String(message ?? error).slice(0, 300)}${where}`;
}
