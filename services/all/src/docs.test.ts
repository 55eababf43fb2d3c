import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { generatedPages } from './docs.ts';

it.each(generatedPages)('$path says what the code says', ({ path, text }) => {
  expect(readFileSync(path, 'utf8')).toBe(text);
});
