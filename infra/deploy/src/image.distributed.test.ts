/** The image's own steps, carried out in a folder: what comes out holds no more than it should, and starts by its own command. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { lastStep, readDockerfile, stepsOf } from './dockerfile.ts';
import { type Built, buildImage } from './image.ts';

const context = join(import.meta.dirname, '../../..');
const into = mkdtempSync(join(tmpdir(), 'faultline-image-'));
let image: Built;
beforeAll(async () => {
  image = await buildImage({ context, target: 'server', into });
}, 180_000);
afterAll(() => rmSync(into, { recursive: true, force: true }));

it('runs nothing but npm and the making of one folder', () => {
  expect(image.notRun).toEqual(['install -d -o 10001 -g 10001 /var/lib/faultline']);
});

it('holds the console and no engine, tool or test', () => {
  const has = (path: string) => existsSync(join(image.root, 'app', path));
  expect(has('services/console/dist/index.html')).toBe(true);
  expect(['node_modules/chdb', 'node_modules/kafkajs'].map(has)).toEqual([true, true]);
  const unwanted = ['@chdb', 'vite', 'vitest', 'typescript', 'turbo', '@biomejs', 'node'];
  expect(unwanted.filter((name) => has(`node_modules/${name}`))).toEqual([]);
});

it('starts by its own command, is ready, and ends with code 0 at SIGTERM', { timeout: 60_000 }, async () => {
  const steps = stepsOf(readDockerfile(join(context, 'Dockerfile')), 'server');
  const [, main = ''] = lastStep(steps, 'ENTRYPOINT')?.json ?? [];
  const folder = mkdtempSync(join(into, 'run-'));
  const config = join(folder, 'faultline.yaml');
  writeFileSync(
    config,
    JSON.stringify({ http: { port: 0 }, ingest: { otlpGrpc: { port: 0 }, otlpHttp: { port: 0 } } }),
  );
  const given: Readonly<Record<string, string>> = {
    '/etc/faultline/faultline.yaml': config,
    '/var/lib/faultline': folder,
  };
  const args = (lastStep(steps, 'CMD')?.json ?? []).map((arg) => given[arg] ?? arg);
  const cwd = join(image.root, 'app');
  const child = spawn(process.execPath, [main, ...args, '--only', 'ingest,notifier'], { cwd, env: {} });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const http = await new Promise<string>((resolve, reject) => {
    let printed = '';
    const onText = (chunk: Buffer) => {
      printed += chunk.toString();
      const address = /http:\/\/127\.0\.0\.1:\d+/.exec(printed)?.[0];
      if (printed.includes('Faultline is up') && address !== undefined) resolve(address);
    };
    child.stdout.on('data', onText);
    child.stderr.on('data', onText);
    void ended.then((code) => reject(new Error(`ended with ${code}: ${printed}`)));
  });
  expect((await fetch(`${http}/healthz`)).status).toBe(200);
  expect((await fetch(`${http}/readyz`)).status).toBe(200);
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
});
