/** compose.yaml as Docker Compose's own loader understands it. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { writeSecrets } from './secrets.ts';
import { check } from './testing/check.ts';
import { compose, infra } from './testing/compose.ts';

interface Project {
  readonly services: Readonly<Record<string, { readonly environment: Readonly<Record<string, string>> }>>;
}

it('is loaded whole, its secrets with it', { timeout: 120_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-compose-'));
  try {
    for (const name of ['compose.yaml', 'faultline', 'clickhouse', 'collector', 'grafana'])
      cpSync(join(infra, name), join(folder, 'infra', name), { recursive: true });
    writeSecrets(join(folder, 'infra/secrets'));
    const { objects } = await check<Project>('compose', join(folder, 'infra/compose.yaml'));
    const services = objects[0]?.services ?? {};
    expect(Object.keys(services).sort()).toEqual(Object.keys(compose.services).sort());
    expect(services['ingest']?.environment['FAULTLINE_AUTH__TOKENS__0__HASH']).toMatch(/^sha256:/);
    expect(services['clickhouse']?.environment['CLICKHOUSE_PASSWORD']).toMatch(/^\S{20,}$/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
