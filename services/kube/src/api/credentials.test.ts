/** What a start without usable credentials says: KUBE_NO_CREDENTIALS, and the file at fault. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { kubeconfigOf } from '../testing/kubeconfig.ts';
import { readCredentials } from './credentials.ts';

const folder = mkdtempSync(join(tmpdir(), 'faultline-credentials-'));

/** The path of a kubeconfig. `contexts` and the rest are as a kubeconfig has them. */
function fileOf(name: string, cluster: object, user: object = {}): string {
  const file = join(folder, name);
  const parts = { clusters: [{ name: 'c', cluster }], users: [{ name: 'u', user }] };
  const contexts = [{ name: 'x', context: { cluster: 'c', user: 'u' } }];
  writeFileSync(file, JSON.stringify({ ...parts, contexts, 'current-context': 'x' }));
  return file;
}

const read = (kubeconfig: string, context = '') => readCredentials({ kubeconfig, context });

describe('credentials', () => {
  beforeEach(() => {
    vi.stubEnv('HOME', folder);
    vi.stubEnv('KUBECONFIG', '');
  });
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it('name the server', async () => {
    expect((await read(kubeconfigOf('http://127.0.0.1:1'))).server.href).toBe('http://127.0.0.1:1/');
  });

  it('never are the port of Faultline itself', async () => {
    const found = await read('').then(
      ({ server }) => server.protocol,
      ({ message }) => message,
    );
    // In a pod the service account is found, and its server has TLS.
    expect(found).toMatch(/^(https:|kube: there is no kubeconfig and no service account; set kube\.kubeconfig)/);
  });

  const server = 'https://127.0.0.1:1';
  it.each([
    ['a missing file', () => '/no/such', '', '/no/such cannot be read: ENOENT'],
    ['a missing context', () => kubeconfigOf(server), 'y', 'has no context "y"'],
    ['a server that is no URL', () => fileOf('server', { server: '127.0.0.1' }), '', 'is no http or https URL'],
    [
      'a missing CA file',
      () => fileOf('ca', { server, 'certificate-authority': '/no/ca' }),
      '',
      'cannot be read: ENOENT /no/ca',
    ],
    [
      'a missing key file',
      () => fileOf('key', { server }, { 'client-key': '/no/key' }),
      '',
      'cannot be read: ENOENT /no/key',
    ],
    [
      'a missing token file',
      () => fileOf('token', { server }, { 'auth-provider': { name: 'tokenFile', config: { tokenFile: '/no/token' } } }),
      '',
      'cannot be read: ENOENT /no/token',
    ],
  ])('refuse %s', async (_what, file, context, text) => {
    await expect(read(file(), context)).rejects.toMatchObject({
      code: 'KUBE_NO_CREDENTIALS',
      message: expect.stringContaining(text),
    });
  });
});
