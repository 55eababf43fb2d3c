import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../../..');
const run = (script: string, ...args: string[]) =>
  spawnSync(process.execPath, [join(root, script), ...args], { encoding: 'utf8' });

it.each([
  ['npm start', 'services/all/src/main.ts'],
  ['npm run config', 'services/all/src/config.ts'],
  ['npm run export', 'services/all/src/export.ts'],
  ['npm run replay', 'services/all/src/replay.ts'],
  ['npm run secrets', 'infra/deploy/src/secrets.ts'],
])('%s shows its help and its version', { timeout: 60_000 }, (name, script) => {
  const help = run(script, '--help');
  expect([help.status, help.stderr]).toEqual([0, '']);
  expect(help.stdout).toMatch(new RegExp(`^usage: ${name} -- .*--help .*--version `, 's'));
  expect(run(script, '--version').stdout).toMatch(/^faultline \d+\.\d+\.\d+\n$/);
});

it('a command without its argument shows its help', { timeout: 60_000 }, () => {
  const { status, stderr, stdout } = run('services/all/src/export.ts');
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toContain('usage: npm run export -- INCIDENT');
});
