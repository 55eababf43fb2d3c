import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The path of a kubeconfig for a test server, without credentials. */
export function kubeconfigOf(server: string): string {
  const file = join(mkdtempSync(join(tmpdir(), 'faultline-kube-')), 'config');
  const cluster = { name: 'c', cluster: { server } };
  const context = { name: 'x', context: { cluster: 'c', user: 'u' } };
  const users = [{ name: 'u', user: {} }];
  writeFileSync(file, JSON.stringify({ clusters: [cluster], users, contexts: [context], 'current-context': 'x' }));
  return file;
}
