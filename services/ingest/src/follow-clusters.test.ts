/** Through the ports of ingest: what a watched cluster says decides what alerts and spans are about. */
import { clusterRecordTypes, clusterStateKey, codecs, type EntityBinding, recordTypeHeader } from '@faultline/model';
import { afterEach, expect, it } from 'vitest';
import { decoded, openFrontDoor } from './testing/ingest.ts';

type Door = Awaited<ReturnType<typeof openFrontDoor>>;
let door: Door | null = null;
afterEach(async () => {
  await door?.close();
  door = null;
});

const binding: EntityBinding = {
  scope: { tenant: 'default', environment: '' },
  cluster: 'east',
  object: { kind: 'Pod', namespace: 'shop', name: 'pay-7c9' },
  addresses: ['10.1.2.3'],
  entities: { service: 'payments', workload: 'pay', namespace: 'shop', pod: 'pay-7c9', node: 'n1', cluster: 'east' },
  fromMs: 0,
  toMs: null,
};

async function sendAlert(labels: Readonly<Record<string, string>>): Promise<void> {
  const alert = {
    status: 'firing',
    labels: { alertname: 'Slow', ...labels },
    annotations: {},
    startsAt: new Date().toISOString(),
  };
  const payload = { version: '4', status: 'firing', receiver: 'r', groupKey: 'g', alerts: [alert] };
  await door?.server.inject({ method: 'POST', url: '/ingest/alertmanager', payload });
}

it.each([
  ['a pod', { pod: 'pay-7c9', namespace: 'shop' }],
  ['an address', { instance: '10.1.2.3:9090' }],
])('an alert with only %s is about the workload', async (_what, labels) => {
  const opened = await openFrontDoor();
  door = opened;
  const key = clusterStateKey(
    { scope: binding.scope, cluster: 'east' },
    clusterRecordTypes.binding,
    'pods/shop/pay-7c9',
  );
  const value = codecs.entityBinding.encode(binding);
  await opened.publish([{ topic: 'config', key, value, headers: { [recordTypeHeader]: clusterRecordTypes.binding } }]);
  const last = async () => {
    await sendAlert(labels);
    const alerts = (await opened.read('alerts')).map((record) => decoded(codecs.alert, record.value));
    return alerts.at(-1)?.entities;
  };
  await expect.poll(last).toMatchObject({ service: 'payments', workload: 'pay', node: 'n1', cluster: 'east' });
});
