import { inspect } from 'node:util';
import { z } from 'zod';

const mask = '<secret>';

/** A text that is never printed: not in JSON, a template, a log or an inspection. Only `reveal` returns it. */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** Returns the text. Call it when it is needed; do not store or print the result. */
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

/**
 * The schema of a secret in the configuration: text, `{ file: path }` or `{ env: NAME }`. `loadConfig` resolves the
 * last two.
 */
export function secret() {
  return z
    .string()
    .min(1)
    .transform((text) => new Secret(text))
    .meta({ secret: true });
}
