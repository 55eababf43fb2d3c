/** The configuration examples of the README are valid. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadAppConfig } from './index.ts';

const readme = readFileSync(join(import.meta.dirname, '../../../README.md'), 'utf8');
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'faultline-readme-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('the example of who owns what is read as written', () => {
  const [, yaml = ''] = /### Tell it who owns what\n```yaml\n(.*?)```/s.exec(readme) ?? [];
  const file = join(folder, 'faultline.yaml');
  writeFileSync(file, yaml);
  const { catalogue } = loadAppConfig({ file, folder }).correlator;
  expect(catalogue.map(({ match, team, contact }) => ({ match, team, contact }))).toEqual([
    { match: { service: 'checkout' }, team: 'shop', contact: '#shop-oncall' },
    { match: { namespace: 'data' }, team: 'storage', contact: 'storage@example.com' },
  ]);
});
