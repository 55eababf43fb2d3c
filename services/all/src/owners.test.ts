import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBus } from '@faultline/bus';
import { clusterRecordTypes, clusterStateKey, codecs, type EntityBinding, recordTypeHeader } from '@faultline/model';
import { silentLogger, systemClock } from '@faultline/runtime';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadAppConfig } from './app-config.ts';
import { reportOwners } from './owners.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'owners-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const load = (correlator: object = {}) => loadAppConfig({ env: {}, folder, overrides: { correlator } });

const scope = { tenant: 'default', environment: '' };
const binding: EntityBinding = {
  scope,
  cluster: 'east',
  object: { kind: 'Deployment', namespace: 'shop', name: 'pay' },
  addresses: [],
  entities: { service: 'pay', namespace: 'shop' },
  fromMs: 0,
  toMs: null,
  ownership: { team: 'payments', contact: '', runbookUrl: '', component: '', application: '', namedBy: 'team' },
};

it('shows what clusters left on the log of a stopped Faultline', async () => {
  const config = load();
  const bus = await createBus(config.bus, { logger: silentLogger, clock: systemClock }).start();
  const key = clusterStateKey({ scope, cluster: 'east' }, clusterRecordTypes.binding, 'deployments.apps/shop/pay');
  const headers = { [recordTypeHeader]: clusterRecordTypes.binding };
  await bus.value.publish([{ topic: 'config', key, value: codecs.entityBinding.encode(binding), headers }]);
  const whileRunning = await reportOwners(config, 'pay');
  expect(whileRunning.problems).toEqual([expect.stringContaining('BUS_FOLDER_LOCKED')]);
  await bus.stop();
  expect(await reportOwners(config, 'pay')).toEqual({
    text: `Precedence: watched clusters, then labels team and owner of the alert.
pay
  team: payments (cluster east: Deployment shop/pay (team))
`,
    problems: [],
  });
});

it('makes no log where none is, and names a file that is missing', async () => {
  const { text, problems } = await reportOwners(
    load({ catalogueFiles: [{ type: 'yaml', path: `${folder}/none` }] }),
    'x',
  );
  expect(text).toContain('x\n  team: unowned');
  expect(problems).toEqual([`${folder}/none: no such file`]);
  expect(existsSync(join(folder, 'log'))).toBe(false);
});
