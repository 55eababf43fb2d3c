import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { generatedFile, generateSchemas } from './generate.ts';

it('the generated schemas are those of protos/', () => {
  expect(readFileSync(generatedFile, 'utf8')).toBe(generateSchemas());
});

const released = join(import.meta.dirname, 'released');

/** The hash of a release's schemas, to be written here when it is made. Records in somebody's log were written with them. */
const kept: Readonly<Record<string, string>> = {
  '1': '70aa8cbbcdd7c75a',
};

it('the schemas of a release are kept as they were', () => {
  const found = readdirSync(released).map((release) => [release, hashOf(join(released, release))]);
  expect(Object.fromEntries(found)).toEqual(kept);
});

function hashOf(folder: string): string {
  const hash = createHash('sha256');
  for (const file of readdirSync(folder).sort()) hash.update(file).update(readFileSync(join(folder, file)));
  return hash.digest('hex').slice(0, 16);
}
