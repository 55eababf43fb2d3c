import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const run = (script: string, ...args: string[]) =>
  spawnSync(process.execPath, [join(root, script), ...args], { encoding: 'utf8' });
const timeout = 60_000;

it('says which benchmarks there are', { timeout }, () => {
  const ended = run('bench/main.ts', 'nonsense');
  expect(ended.status).toBe(2);
  expect(ended.stderr).toMatch(/Choose one of: alert-latency, bus, .*soak/);
});

it.each(['demo', 'eval', 'fit', 'bench'])('npm run %s shows its help and its version', { timeout }, (name) => {
  const help = run(`${name}/main.ts`, '--help');
  expect([help.status, help.stderr]).toEqual([0, '']);
  expect(help.stdout).toContain(`usage: npm run ${name} --`);
  const version = run(`${name}/main.ts`, '--version');
  expect(version.stdout).toMatch(/^faultline \d+\.\d+\.\d+\n$/);
});

it('shows the options of one benchmark instead of running it', { timeout }, () => {
  const help = run('bench/main.ts', 'soak', '--help');
  expect([help.status, help.stderr]).toEqual([0, '']);
  expect(help.stdout).toMatch(/^`npm run bench -- soak \[--minutes N\]/);
});

it.each(['demo', 'eval', 'fit'])('npm run %s refuses an option that it does not have', { timeout }, (name) => {
  const ended = run(`${name}/main.ts`, '--nonsense');
  expect(ended.status).toBe(2);
  expect(ended.stderr).toMatch(/--nonsense.*usage:/s);
});
