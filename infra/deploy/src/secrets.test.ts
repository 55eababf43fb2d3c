import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadAppConfig } from '@faultline/all';
import { createAuthenticator } from '@faultline/runtime';
import { expect, it } from 'vitest';
import { makeSecrets, tokenNames, writeSecrets } from './secrets.ts';
import { compose, infra } from './testing/compose.ts';
import { tokenEnvironment } from './testing/process.ts';

it('creates tokens that the deployed configuration accepts, each with its role', () => {
  const made = makeSecrets();
  const env = Object.fromEntries(
    (made['tokens.env'] ?? '')
      .trim()
      .split('\n')
      .map((line) => line.split('=', 2)),
  );
  const authenticator = createAuthenticator(loadAppConfig({ file: join(infra, 'faultline/faultline.yaml'), env }).auth);
  const roles = tokenNames.map((name) => authenticator.identify(made[`${name}-token`] ?? null));
  expect(roles.map((identity) => [identity?.role, identity?.source])).toEqual([
    ['admin', null],
    ['source', 'otlp'],
    ['source', 'alertmanager'],
  ]);
});

it('creates different ones each time', () => {
  expect(tokenEnvironment()).not.toEqual(tokenEnvironment());
  expect(new Set(Object.values(makeSecrets())).size).toBe(Object.keys(makeSecrets()).length);
});

it('the folder is private, and its files are readable in containers', () => {
  const folder = join(mkdtempSync(join(tmpdir(), 'faultline-secrets-')), 'secrets');
  writeSecrets(folder);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  for (const { file } of Object.values(compose.secrets)) {
    const path = join(folder, '..', file);
    expect(statSync(path).mode & 0o777).toBe(0o644);
    expect(readFileSync(path, 'utf8')).toMatch(/^\S+$/);
  }
  rmSync(join(folder, '..'), { recursive: true });
});
