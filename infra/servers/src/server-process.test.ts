import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { freePort } from './ports.ts';
import { createServerProcess, type ServerProcessOptions } from './server-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'faultline-servers-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A small server that answers with its process id. */
const program =
  "require('http').createServer((_, to) => to.end(String(process.pid))).listen(+process.argv[1], '127.0.0.1')";

async function options(args: (port: number) => string[]): Promise<ServerProcessOptions & { readonly url: string }> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const isReady = async () => (await fetch(url)).ok;
  const logFile = join(folder, `${port}.log`);
  return { name: 'Echo', command: process.execPath, args: args(port), logFile, isReady, startTimeoutMs: 20_000, url };
}
const pidOf = async (url: string): Promise<number> => Number(await (await fetch(url)).text());
const serving = (port: number) => ['-e', program, String(port)];

it('serves after each start, and not in between', async () => {
  const { url, ...server } = await options(serving).then((made) => ({ url: made.url, ...createServerProcess(made) }));
  await server.start();
  const first = await pidOf(url);
  await server.kill();
  await expect(fetch(url)).rejects.toThrow();
  await server.start();
  expect(await pidOf(url)).not.toBe(first);
  await server.stop();
  await server.stop();
  await expect(fetch(url)).rejects.toThrow();
});

it('reports a server that ends at once, with the end of its log', async () => {
  const server = createServerProcess(await options(() => ['-e', "console.error('no disk'); process.exit(1)"]));
  await expect(server.start()).rejects.toThrow(/Echo did not come up[\s\S]*no disk/);
});

it('names a program that is not installed', async () => {
  const server = createServerProcess({ ...(await options(() => [])), command: 'no-such-java' });
  await expect(server.start()).rejects.toThrow(/`no-such-java` was not found[\s\S]*JDK/);
});

it('a server does not outlive the process that started it, even when that is killed', async () => {
  const made = await options(serving);
  const file = join(folder, 'parent.ts');
  writeFileSync(
    file,
    `import { createServerProcess } from ${JSON.stringify(join(import.meta.dirname, 'server-process.ts'))};
     const isReady = async () => (await fetch('${made.url}')).ok;
     await createServerProcess({ ...${JSON.stringify(made)}, isReady }).start();
     console.log('up');`,
  );
  const parent = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(parent.stdout, 'data');
  expect(await isServed(made.url)).toBe(true);
  parent.kill('SIGKILL');
  await expect.poll(() => isServed(made.url), { timeout: 10_000 }).toBe(false);
});

it('refuses an address that another process serves', async () => {
  const made = await options(serving);
  const [first, second] = [createServerProcess(made), createServerProcess(made)];
  await first.start();
  await expect(second.start()).rejects.toThrow('Echo: another process serves its address already.');
  await first.stop();
});

const isServed = (url: string): Promise<boolean> =>
  fetch(url).then(
    () => true,
    () => false,
  );
