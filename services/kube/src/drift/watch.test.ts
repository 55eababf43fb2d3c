/** Drift through a whole watcher: the log has the objects of another cluster, and the API server those of its own. */
import {
  clusterRecordTypes,
  clusterStateKey,
  codecs,
  type Drift,
  recordTypeHeader,
  recordTypes,
} from '@faultline/model';
import { afterEach, expect, it } from 'vitest';
import { chooseSalt } from '../cluster/salt.ts';
import { kubeConfig } from '../config.ts';
import { createConcealer, hashEach } from '../decode/conceal.ts';
import { ApiServer } from '../testing/api-server.ts';
import { configMap } from '../testing/objects.ts';
import { startWatched, type Watched } from '../testing/watched.ts';

let stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.reverse()) await stop();
  stops = [];
});

const west = { cluster: 'west', scope: { tenant: 't', environment: '' } };
const salt = 'the salt of west';

/** What the watcher of `west` keeps of the ConfigMap `pay`. */
function objectOfWest(level: string) {
  const body = { data: hashEach({ level }, createConcealer(salt)) };
  const value = codecs.clusterObject.encode({
    ...west,
    resource: 'configmaps',
    object: { kind: 'ConfigMap', namespace: 'shop', name: 'pay' },
    uid: 'u',
    resourceVersion: '1',
    changedAtMs: 0,
    actor: '',
    changeId: '',
    body: JSON.stringify({ body, templates: [], openChange: null }),
  });
  const type = clusterRecordTypes.object;
  const key = clusterStateKey(west, type, 'configmaps', 'shop', 'pay');
  return { topic: 'config' as const, key, value, headers: { [recordTypeHeader]: type } };
}

/** Its id is made from it, so that equal salts have equal ids. */
function saltOfWest() {
  const { record } = chooseSalt(west, null, { configured: null, drawn: salt });
  if (record === null) throw new Error('a new salt is saved');
  return record;
}

async function reportsOf({ bus }: Watched): Promise<readonly Drift[]> {
  const reports: Drift[] = [];
  for await (const { value, headers } of bus.read({ topic: 'changes', partition: 0, from: 0n })) {
    const decoded =
      headers[recordTypeHeader] === recordTypes.drift && value !== null ? codecs.drift.decode(value) : null;
    if (decoded?.ok === true) reports.push(decoded.value);
  }
  return reports;
}

const short = async (watched: Watched) =>
  (await reportsOf(watched)).map(({ path, endedAtMs }) => `${path} ${endedAtMs === null ? 'differs' : 'ended'}`);

it('takes the salt of the other cluster, follows its objects, and reports nothing again after a restart', async () => {
  const server = await ApiServer.start();
  server.put('ConfigMap', configMap('pay', { level: '1' }));
  const { drift } = kubeConfig.parse({ drift: { settleMs: 0, reference: 'west' } });
  const watched = await startWatched(server.url, { drift });
  stops.push(
    () => server.stop(),
    () => watched.stop(),
  );
  await watched.bus.publish([saltOfWest(), objectOfWest('1')]);
  watched.run();
  const isReading = () => watched.health.report().parts['kube']?.detail ?? '';
  await expect.poll(isReading, { timeout: 5000 }).toContain('31 kinds');
  expect(await short(watched)).toEqual([]);

  await watched.bus.publish([objectOfWest('2')]);
  await expect.poll(() => short(watched)).toEqual(['data.level differs']);
  await watched.kill();
  watched.run();
  server.put('ConfigMap', configMap('pay', { level: '2' }));
  await expect.poll(() => short(watched), { timeout: 5000 }).toEqual(['data.level differs', 'data.level ended']);
});
