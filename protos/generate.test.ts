import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { generatedFile, generateSchemas } from './generate.ts';

it('the generated schemas are those of protos/', () => {
  expect(readFileSync(generatedFile, 'utf8')).toBe(generateSchemas());
});
