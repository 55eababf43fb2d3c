/** Checks the image without building it. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lastStep, readDockerfile, stepsOf } from './dockerfile.ts';
import { contextFiles } from './image.ts';

const context = join(import.meta.dirname, '../../..');
const stages = readDockerfile(join(context, 'Dockerfile'));
const files = contextFiles(context);

describe.each(['server', 'embedded'])('%s', (target) => {
  const steps = stepsOf(stages, target);

  it('runs as a numeric user that is not root', () => {
    expect(lastStep(steps, 'USER')?.args).toEqual(['10001:10001']);
  });

  it('starts node directly, so that signals and exit codes pass through', () => {
    const { json: [command, main = ''] = [] } = lastStep(steps, 'ENTRYPOINT') ?? {};
    expect(command).toBe('node');
    expect(existsSync(join(context, main))).toBe(true);
    expect(lastStep(steps, 'CMD')?.json).toContain('/var/lib/faultline');
  });

  it('has no development dependency', () => {
    const modules = stepsOf(stages, `modules-${target}`).filter(({ keyword }) => keyword === 'RUN');
    expect(modules.map(({ args }) => args.includes('--omit=dev'))).toEqual([true]);
    expect(modules.every(({ args }) => args.includes('--omit=optional') === (target === 'server'))).toBe(true);
  });

  it('checks its own readiness', () => {
    expect(lastStep(steps, 'HEALTHCHECK')?.args.join(' ')).toContain('/readyz');
  });
});

it('the default target has no embedded engine', () => {
  expect(stages.at(-1)?.name).toBe('server');
});

it('pins its base image to the Node version of the tests', () => {
  const text = readFileSync(join(context, 'Dockerfile'), 'utf8');
  expect(/^ARG NODE_IMAGE=node:([\d.]+)-/m.exec(text)?.[1]).toBe(process.versions.node);
});

it('copies only existing files', () => {
  const copied = stages.flatMap(({ steps }) =>
    steps.filter(({ keyword, flags }) => keyword === 'COPY' && !flags['from']),
  );
  const sources = copied.flatMap(({ args }) => args.slice(0, -1));
  const missing = sources.filter((source) => !files.some((file) => file === source || file.startsWith(`${source}/`)));
  expect(missing).toEqual([]);
});

it('copies the manifest of every library and service', () => {
  const manifests = globSync('{libs,services}/*/package.json', { cwd: context });
  const copied = stepsOf(stages, 'manifests').flatMap(({ args }) => args.slice(0, -1));
  expect(manifests.filter((manifest) => !copied.includes(manifest))).toEqual([]);
});

it('the build context has no test, secret or build output', () => {
  expect(files.filter((file) => /\.test\.|\/testing\/|\/dist\/|^infra\/|\.env$/.test(file))).toEqual([]);
});
