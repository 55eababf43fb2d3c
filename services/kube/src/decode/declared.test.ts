import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { createConcealer } from './conceal.ts';
import { releaseOf } from './declared.ts';

const configMap = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: pay}\n';

function release(manifest: string) {
  const json = JSON.stringify({ name: 'pay', version: 3, namespace: 'shop', manifest });
  const data = { release: Buffer.from(gzipSync(json).toString('base64')).toString('base64') };
  const raw = { type: 'helm.sh/release.v1', metadata: { labels: { status: 'deployed' } }, data };
  return releaseOf(raw, { bodyOf: () => ({}), concealer: createConcealer('salt') });
}

it('reads the objects of a release', () => {
  expect(release(configMap)?.objects).toMatchObject([{ resource: 'configmaps', namespace: 'shop', name: 'pay' }]);
});

it('reads no manifest that a small Secret makes huge', () => {
  const before = process.cpuUsage();
  expect(release(`${configMap}---\n${'- {a: [1, 2, 3]}\n'.repeat(200_000)}`)).toMatchObject({ unread: 1 });
  // Seconds of processor time. It took ten.
  expect(process.cpuUsage(before).user / 1e6).toBeLessThan(2);
});
