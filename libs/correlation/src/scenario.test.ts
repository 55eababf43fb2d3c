/** Golden scenarios. `UPDATE_GOLDEN=1 npx vitest run libs/correlation` rewrites them: commit the difference only if you understand it. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { playScenario } from './testing/scenario.ts';

const folder = join(import.meta.dirname, 'testdata');

it.each(readdirSync(folder).filter((file) => file.endsWith('.txt')))('%s', (file) => {
  const path = join(folder, file);
  const text = readFileSync(path, 'utf8');
  const played = playScenario(text);
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(path, played);
  else expect(played).toBe(text);
});
