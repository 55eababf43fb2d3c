import type { Change } from '@faultline/model';
import { afterEach, describe, expect, it } from 'vitest';
import { ApiServer } from './testing/api-server.ts';
import { complete, configMap, deployment, secret } from './testing/objects.ts';
import { startWatched, type Watched } from './testing/watched.ts';

let stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.reverse()) await stop();
  stops = [];
});

async function start(
  prepare: (server: ApiServer) => void = () => {},
  kinds = 31,
): Promise<{ server: ApiServer; watched: Watched }> {
  const server = await ApiServer.start();
  prepare(server);
  const watched = await startWatched(server.url);
  stops.push(
    () => server.stop(),
    () => watched.stop(),
  );
  watched.run();
  await isReading(watched, kinds);
  return { server, watched };
}

async function isReading({ health }: Watched, kinds: number): Promise<void> {
  await expect.poll(() => health.report().parts['kube']?.detail ?? '', { timeout: 5000 }).toContain(`${kinds} kinds`);
}

/** Each image of each Deployment, as often as its change was reported. A rollout's later states have the same id. */
function imagesTold(changes: readonly Change[]): ReadonlyMap<string, number> {
  const byId = new Map(changes.map((change) => [change.id, change]));
  const counts = new Map<string, number>();
  for (const { cluster } of byId.values())
    for (const { to } of cluster?.images ?? []) counts.set(to, (counts.get(to) ?? 0) + 1);
  return counts;
}

describe('the watcher', () => {
  it('reports nothing of what was there before, and one change for a rollout with its progress and end', async () => {
    const { server, watched } = await start((api) => {
      api.put('Deployment', deployment('pay'));
      api.status('Deployment', 'shop', 'pay', complete(1));
    });
    server.put('Deployment', deployment('pay', { image: 'pay:2' }));
    server.status('Deployment', 'shop', 'pay', { updatedReplicas: 1, observedGeneration: 2 });
    server.status('Deployment', 'shop', 'pay', complete(2));
    await expect.poll(async () => (await watched.changes()).length).toBe(2);
    const [first, last] = await watched.changes();
    expect(first).toMatchObject({
      kind: 'deploy',
      summary: 'Deployment shop/pay changed: pay 1 to 2',
      actor: 'kubectl-edit',
      version: '2',
      previousVersion: '1',
      entities: { service: 'pay', workload: 'pay', namespace: 'shop', cluster: 'east' },
      endedAtMs: null,
      cluster: { images: [{ container: 'pay', from: 'pay:1', to: 'pay:2' }], rollout: { state: 'progressing' } },
    });
    expect(last).toMatchObject({ id: first?.id, cluster: { rollout: { state: 'complete' } } });
  });

  it('goes on after broken streams, 429 and 500, and takes what is sent twice once', async () => {
    const { server, watched } = await start((api) => api.put('Deployment', deployment('pay')));
    server.faults.repeat = 2;
    for (let round = 2; round <= 9; round += 1) {
      server.put('Deployment', deployment('pay', { image: `pay:${round}` }));
      if (round % 3 === 0) server.faults.fail = { status: round === 3 ? 429 : 500, count: 5 };
      server.breakStreams();
    }
    const all = Array.from({ length: 8 }, (_, i) => [`pay:${i + 2}`, 1] as const);
    await expect.poll(async () => [...imagesTold(await watched.changes())], { timeout: 5000 }).toEqual(all);
  });

  it('lists again after 410, and reports how the object differs', async () => {
    const { server, watched } = await start((api) => api.put('Deployment', deployment('pay')));
    server.faults.fail = { status: 500, count: 200 };
    server.breakStreams();
    server.put('Deployment', deployment('pay', { image: 'pay:2' }));
    server.put('Deployment', deployment('pay', { image: 'pay:3' }));
    server.delete('Deployment', 'shop', 'none');
    server.compact();
    server.faults.fail = null;
    await expect
      .poll(async () => [...imagesTold(await watched.changes()).keys()], { timeout: 5000 })
      .toEqual(['pay:3']);
  });

  it('continues after a restart with each change that it missed', async () => {
    const { server, watched } = await start((api) => api.put('Deployment', deployment('pay')));
    server.put('Deployment', deployment('pay', { image: 'pay:2' }));
    await expect.poll(async () => (await watched.changes()).length).toBe(1);
    await watched.kill();
    server.put('Deployment', deployment('pay', { image: 'pay:3' }));
    server.put('Deployment', deployment('pay', { image: 'pay:4' }));
    server.put('ConfigMap', configMap('new', { a: '1' }));
    watched.run();
    await expect
      .poll(async () => [...imagesTold(await watched.changes())], { timeout: 5000 })
      .toEqual(['pay:2', 'pay:3', 'pay:4'].map((image) => [image, 1]));
    await expect
      .poll(async () => (await watched.changes()).map(({ summary }) => summary))
      .toContain('ConfigMap shop/new created');
  });

  it('accepts a server that was restored from a backup', async () => {
    const { server, watched } = await start((api) => api.put('Deployment', deployment('pay')));
    const restore = server.backup();
    server.put('Deployment', deployment('pay', { image: 'pay:2' }));
    await expect.poll(async () => (await watched.changes()).length).toBe(1);
    restore();
    await expect
      .poll(async () => [...imagesTold(await watched.changes())], { timeout: 5000 })
      .toEqual([
        ['pay:2', 1],
        ['pay:1', 1],
      ]);
  });

  it('loses one kind only where a right is missing', async () => {
    const { server, watched } = await start((api) => {
      api.faults.forbidden.add('secrets');
      api.faults.absent.add('rollouts.argoproj.io');
      api.put('Deployment', deployment('pay'));
    }, 29);
    server.put('Deployment', deployment('pay', { image: 'pay:2' }));
    await expect.poll(async () => (await watched.changes()).length).toBe(1);
    expect(watched.health.report().parts['kube']).toEqual({
      ok: true,
      detail: '29 kinds of east are watched; no right to read secrets',
    });
  });

  it('keeps no value of a Secret or ConfigMap anywhere', async () => {
    const { server, watched } = await start((api) => {
      const env = [{ name: 'DB_PASSWORD', value: 'planted-env-1' }];
      const container = { args: ['--token=planted-arg-1', '--level=debug'] };
      api.put(
        'Deployment',
        deployment('pay', { env, container, pod: { volumes: [{ name: 's', secret: { secretName: 'pay-db' } }] } }),
      );
      api.put('Secret', secret('pay-db', { url: 'planted-secret-1' }));
      api.put('ConfigMap', configMap('pay', { level: 'planted-config-1' }));
    });
    server.put('Secret', secret('pay-db', { url: 'planted-secret-2' }));
    server.put('ConfigMap', configMap('pay', { level: 'planted-config-2' }));
    server.put('Deployment', deployment('pay', { env: [{ name: 'DB_PASSWORD', value: 'planted-env-2' }] }));
    await expect.poll(async () => (await watched.changes()).length).toBe(3);
    const written: string[] = [];
    for (const topic of ['changes', 'config', 'ledger'] as const)
      for await (const { value, key } of watched.bus.read({ topic, partition: 0, from: 0n }))
        written.push(key, Buffer.from(value ?? []).toString('latin1'));
    const encoded = Buffer.from('planted-secret-2').toString('base64');
    expect(written.filter((one) => one.includes('planted') || one.includes(encoded))).toEqual([]);
    expect((await watched.changes())[0]).toMatchObject({
      summary: 'Secret shop/pay-db changed: data.url',
      entities: { service: 'pay' },
    });
  });
});

describe('findings', () => {
  const pod = (reason: string) => ({
    metadata: {
      namespace: 'shop',
      name: 'pay-1-a',
      labels: { app: 'pay' },
      ownerReferences: [{ kind: 'Deployment', name: 'pay', uid: 'uid-pay', controller: true }],
    },
    spec: {
      nodeName: 'n1',
      containers: [{ name: 'pay', image: 'pay:1', env: databaseUrl }],
    },
    status: {
      phase: 'Pending',
      podIPs: [{ ip: '10.1.2.3' }],
      containerStatuses: [{ name: 'pay', state: { waiting: { reason } } }],
    },
  });
  const databaseUrl = [{ name: 'DB_URL', valueFrom: { secretKeyRef: { name: 'pay-db', key: 'url' } } }];
  const payments = () => {
    const draft = deployment('pay', { env: databaseUrl });
    return { ...draft, metadata: { ...draft.metadata, uid: 'uid-pay' } };
  };

  it('name mechanism, object, field and the change that made them, and end', async () => {
    const { server, watched } = await start((api) => {
      api.put('Deployment', payments());
      api.put('Secret', secret('pay-db', { url: 'x' }));
    });
    server.put('Secret', secret('pay-db', { password: 'x' }), 'kustomize-controller');
    await expect.poll(async () => (await watched.changes()).length).toBe(1);
    server.put('Pod', pod('CreateContainerConfigError'));
    await expect.poll(async () => (await watched.findings()).length).toBe(1);
    const [change] = await watched.changes();
    const [finding] = await watched.findings();
    expect(finding).toMatchObject({
      mechanism: 'secret-key-missing',
      object: { kind: 'Deployment', namespace: 'shop', name: 'pay' },
      field: 'spec.template.spec.containers[pay].env[DB_URL].valueFrom.secretKeyRef',
      target: { kind: 'Secret', name: 'pay-db' },
      targetKey: 'url',
      entities: { service: 'pay', workload: 'pay', namespace: 'shop', cluster: 'east' },
      endedAtMs: null,
      changedBy: { changeId: change?.id, actor: 'kustomize-controller' },
    });
    server.put('Secret', secret('pay-db', { url: 'x' }));
    await expect.poll(async () => (await watched.findings())[0]?.endedAtMs).not.toBeNull();
  });

  it('that ended while nobody watched end after the restart', async () => {
    const { server, watched } = await start((api) => {
      api.put('Deployment', payments());
      api.put('Pod', pod('CreateContainerConfigError'));
    });
    await expect
      .poll(async () => (await watched.findings()).map(({ mechanism }) => mechanism))
      .toEqual(['secret-missing']);
    await watched.kill();
    server.delete('Pod', 'shop', 'pay-1-a');
    watched.run();
    await expect.poll(async () => (await watched.findings())[0]?.endedAtMs, { timeout: 5000 }).not.toBeNull();
  });

  it('a workload names its owner while its labels or annotations do', async () => {
    const { server, watched } = await start((api) => {
      const annotations = { 'a8r.io/owner': 'payments', 'a8r.io/chat': '#pay', 'a8r.io/runbook': 'https://r/pay' };
      const labels = { team: 'old', 'app.kubernetes.io/part-of': 'shop' };
      api.put('Deployment', deployment('pay', { annotations, labels }));
    });
    const ofPay = async () => (await watched.bindings()).find(({ object }) => object.kind === 'Deployment');
    await expect.poll(ofPay).toMatchObject({
      entities: { service: 'pay', namespace: 'shop' },
      ownership: {
        team: 'payments',
        contact: '#pay',
        runbookUrl: 'https://r/pay',
        component: '',
        application: 'shop',
        namedBy: 'a8r.io/owner',
      },
      toMs: null,
    });
    server.put('Deployment', deployment('pay'));
    await expect.poll(async () => (await ofPay())?.toMs).not.toBeNull();
  });

  it('a pod leads from its address to its workload, for a day after its end', async () => {
    const { server, watched } = await start((api) => {
      api.put('Node', { metadata: { name: 'n1', labels: { 'topology.kubernetes.io/zone': 'z1' } } });
      api.put('Deployment', payments());
      api.put('Pod', pod('ContainerCreating'));
    });
    const ofPod = async () => (await watched.bindings()).find(({ object }) => object.kind === 'Pod');
    await expect.poll(ofPod).toMatchObject({
      addresses: ['10.1.2.3'],
      entities: {
        service: 'pay',
        workload: 'pay',
        pod: 'pay-1-a',
        node: 'n1',
        zone: 'z1',
        namespace: 'shop',
        cluster: 'east',
      },
      toMs: null,
    });
    server.delete('Pod', 'shop', 'pay-1-a');
    await expect.poll(async () => (await ofPod())?.toMs).not.toBeNull();
  });
});
