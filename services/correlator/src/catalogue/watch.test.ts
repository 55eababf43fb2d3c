import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clusterRecordTypes, clusterStateKey, codecs, type EntityBinding, recordTypeHeader } from '@faultline/model';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  alert,
  alertRecord,
  createHarness,
  type Harness,
  revisions,
  scope,
  startMs,
  until,
} from '../testing/harness.ts';

let harness: Harness;
let folder = '';
beforeEach(async () => {
  harness = await createHarness();
  folder = mkdtempSync(join(tmpdir(), 'owners-'));
});
afterEach(async () => {
  await harness.close();
  rmSync(folder, { recursive: true });
});

const ownersOf = async () => (await revisions(harness.bus)).at(-1)?.owners.map(({ team }) => team) ?? [];

async function alertOf(service: string): Promise<void> {
  await harness.bus.publish([alertRecord(alert(service, { startsAtMs: startMs }))]);
}

it('an incident has the owner that its file names now', async () => {
  const path = join(folder, 'owners.yaml');
  writeFileSync(path, 'services: [{ name: checkout, team: shop }]');
  const running = await harness.start({ catalogueFiles: [{ type: 'yaml', path }], catalogueReloadMs: 5 });
  await alertOf('checkout');
  await until(ownersOf, (owners) => owners.includes('shop'));
  writeFileSync(path, 'services: [{ name: checkout, team: store }, { name: cart, team: basket }]');
  // Owners are read with the next revision.
  await until(
    async () => {
      harness.nowMs += 1000;
      await harness.bus.publish([alertRecord(alert('checkout', { name: `More${harness.nowMs}` }))]);
      return ownersOf();
    },
    (owners) => owners.includes('store'),
  );
  writeFileSync(path, 'services: {');
  await until(
    () => harness.health.report().parts['catalogue'],
    (status) => status?.ok === false && status.detail.includes('owners.yaml'),
  );
  await running.stop();
});

it('a watched cluster names the owner from the first page on', async () => {
  const object = { kind: 'Deployment', namespace: 'shop', name: 'pay' };
  const binding: EntityBinding = {
    scope,
    cluster: 'east',
    object,
    addresses: [],
    entities: { service: 'pay', namespace: 'shop' },
    fromMs: startMs,
    toMs: null,
    ownership: { team: 'payments', contact: '#pay', runbookUrl: '', component: '', application: '', namedBy: 'team' },
  };
  const key = clusterStateKey({ scope, cluster: 'east' }, clusterRecordTypes.binding, 'deployments.apps/shop/pay');
  const headers = { [recordTypeHeader]: clusterRecordTypes.binding };
  await harness.bus.publish([{ topic: 'config', key, value: codecs.entityBinding.encode(binding), headers }]);
  const running = await harness.start();
  await alertOf('pay');
  await until(
    () => revisions(harness.bus),
    (all) => all.length > 0,
  );
  const [first] = await revisions(harness.bus);
  expect(first?.owners).toEqual([{ team: 'payments', contact: '#pay', why: 'owns pay, which alerts' }]);
  await running.stop();
});
