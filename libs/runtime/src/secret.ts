import { inspect } from 'node:util';
import { z } from 'zod';

const mask = '<secret>';

/** A text that never prints: not in JSON, not in a template, not in a log or an inspection. Only `reveal` gives it. */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The text itself. Call it at the moment of use, never to keep or to print. */
  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return mask;
  }

  toJSON(): string {
    return mask;
  }

  [inspect.custom](): string {
    return mask;
  }
}

/** The schema of a secret in a configuration: text, `{ file: path }` or `{ env: NAME }` (the last two are read by `loadConfig`). */
export function secret() {
  return z
    .string()
    .min(1)
    .transform((text) => new Secret(text))
    .meta({ secret: true });
}
