import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const index = join(import.meta.dirname, 'index.ts');

/** Runs a small main in a process of its own and sends `signal` once it reports that it is up. */
function run(start: string, signal?: NodeJS.Signals): Promise<{ code: number | null; output: string }> {
  const script = `import { runMain, silentLogger, AppError } from ${JSON.stringify(index)};
    setInterval(() => {}, 1000);
    await runMain({ logger: silentLogger, start: async (signal) => { ${start} } });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  const onData = (chunk: Buffer) => {
    output += chunk.toString();
    if (signal !== undefined && output.includes('up')) child.kill(signal);
  };
  child.stdout.on('data', onData);
  child.stderr.on('data', onData);
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, output })));
}

it('a signal stops cleanly with code 0', async () => {
  const { code, output } = await run(
    `console.log('up'); return { value: 0, stop: async () => { console.log('stopped'); } };`,
    'SIGTERM',
  );
  expect(output).toContain('stopped');
  expect(code).toBe(0);
});

it('a failed start says why and ends with code 1', async () => {
  expect(await run(`throw new AppError('X_LOCKED', 'the folder is locked', { kind: 'permanent' });`)).toEqual({
    code: 1,
    output: 'faultline did not start: the folder is locked [X_LOCKED]\n',
  });
});

it('a signal ends a start that waits, with code 0 and without an error', async () => {
  const waits = `console.log('up'); await new Promise((_, reject) => { signal.onabort = () => reject(new Error('gave up')); });`;
  expect(await run(waits, 'SIGTERM')).toEqual({ code: 0, output: 'up\n' });
});

it('a stop that fails ends with code 1', async () => {
  const { code } = await run(
    `console.log('up'); return { value: 0, stop: async () => { throw new Error('no'); } };`,
    'SIGINT',
  );
  expect(code).toBe(1);
});

it('an uncaught error ends the process', async () => {
  const { code } = await run(
    `setTimeout(() => { throw new Error('bug'); }); return { value: 0, stop: async () => {} };`,
  );
  expect(code).toBe(70);
});
