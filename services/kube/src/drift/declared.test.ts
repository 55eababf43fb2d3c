import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../api/json.ts';
import { Fleet, type Listed } from '../testing/fleet.ts';
import { type DeploymentSpec, deployment, secret } from '../testing/objects.ts';

const image = 'spec.template.spec.containers[pay].image';
type Draft = ReturnType<typeof deployment>;

function started(...objects: readonly Listed[]): Fleet {
  const fleet = new Fleet();
  fleet.start('east', objects);
  return fleet;
}

/** A live object with what `kubectl apply` applied last. */
function applied(live: Draft, declared: JsonObject): Draft {
  const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(declared) };
  return { ...live, metadata: { ...live.metadata, annotations } };
}

const pay = (spec: DeploymentSpec = {}) => deployment('pay', spec);

describe('the last applied configuration', () => {
  const shortOf = (live: Draft, declared: JsonObject, kind = 'Deployment') =>
    started([kind, applied(live, declared)]).short();

  it('differs from the live object', () => {
    expect(shortOf(pay({ image: 'pay:2', replicas: 5 }), pay())).toEqual([
      'east declared spec.replicas: 5, not 3',
      `east declared ${image}: "pay:2", not "pay:1"`,
    ]);
  });

  it('does not differ by what the server adds, normalises or drops', () => {
    const resources = (cpu: string | number) => ({ container: { resources: { limits: { cpu } } } });
    expect(
      shortOf(pay({ ...resources('500m'), pod: { dnsPolicy: 'ClusterFirst', extra: 1 } }), pay(resources(0.5))),
    ).toEqual([]);
    expect(shortOf(pay(), { ...pay(), metadata: { ...pay().metadata, creationTimestamp: null } })).toEqual([]);
    expect(shortOf(pay(), pay({ env: [] }))).toEqual([]);
  });

  it('differs by an amount', () => {
    const resources = (memory: string) => ({ container: { resources: { limits: { memory } } } });
    expect(shortOf(pay(resources('1Gi')), pay(resources('1024Mi')))).toEqual([]);
    expect(shortOf(pay(resources('256Mi')), pay(resources('1Gi')))).toEqual([
      'east declared spec.template.spec.containers[pay].resources.limits.memory: "256Mi", not "1Gi"',
    ]);
  });

  it('is compared item by item where a list has no names', () => {
    const tolerations = (value: string) => pay({ pod: { tolerations: [{ effect: 'NoSchedule', value }] } });
    expect(shortOf(tolerations('a'), tolerations('b'))).toEqual([
      'east declared spec.template.spec.tolerations[0].value: "a", not "b"',
    ]);
  });

  it('of a Secret is compared by hashes, whether it was declared as text or in base64', () => {
    const { data: _, ...bare } = secret('db', {});
    const textual = (password: string) => ({ ...bare, stringData: { password } });
    expect(shortOf(secret('db', { password: 'one' }), textual('one'), 'Secret')).toEqual([]);
    const [found = ''] = shortOf(secret('db', { password: 'one' }), textual('two'), 'Secret');
    expect(found).toMatch(/^east declared data\.password: "hash:\w{24}", not "hash:\w{24}"$/);
  });

  it('that cannot be read is none', () => {
    const live = pay();
    const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': '{"spec":' };
    expect(started(['Deployment', { ...live, metadata: { ...live.metadata, annotations } }]).short()).toEqual([]);
  });
});

/** The Secret in which Helm 3 keeps a release. */
function release(revision: number, manifest: string, status = 'deployed'): Listed {
  const json = JSON.stringify({ name: 'shop', namespace: 'shop', version: revision, manifest });
  const packed = gzipSync(json).toString('base64');
  const name = `sh.helm.release.v1.shop.v${revision}`;
  const made = secret(name, { release: packed });
  return ['Secret', { ...made, type: 'helm.sh/release.v1', metadata: { ...made.metadata, labels: { status } } }];
}

const manifest = (tag: string) => `
# Source: shop/templates/pay.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: pay
spec:
  replicas: 3
  template:
    spec:
      containers:
        - name: pay
          image: pay:${tag}
---
apiVersion: v1
kind: Secret
metadata: { name: db }
stringData: { password: planted-${tag} }
---
apiVersion: example.com/v1
kind: Unknown
metadata: { name: x }
`;

describe('a Helm release', () => {
  const db = (tag: string): Listed => ['Secret', secret('db', { password: `planted-${tag}` })];

  it('is compared with its objects, and the last deployed revision counts', () => {
    const fleet = started(['Deployment', pay()], db('1'), release(1, manifest('1')));
    expect(fleet.short()).toEqual([]);
    fleet.put('east', release(2, manifest('2')));
    expect(fleet.present()).toMatchObject([
      { path: 'data.password', object: { name: 'db' }, patch: '' },
      {
        path: image,
        expected: '"pay:2"',
        reference: 'release shop/shop revision 2',
        command: 'helm rollback shop 2 -n shop',
      },
    ]);
    fleet.put('east', ['Deployment', pay({ image: 'pay:2' })]);
    fleet.put('east', db('2'));
    expect(fleet.short()).toEqual([]);
  });

  it('that is not deployed says nothing', () => {
    expect(started(['Deployment', pay()], release(2, manifest('2'), 'failed')).short()).toEqual([]);
  });

  it('leaves no value of a Secret on the log', () => {
    const fleet = started(['Deployment', pay()], db('1'), release(2, manifest('2')));
    expect(fleet.present()).toHaveLength(2);
    const written = [...fleet.log.values()].map(({ value }) => Buffer.from(value ?? []).toString('latin1')).join('');
    for (const planted of ['planted-1', 'planted-2'])
      for (const encoded of [planted, Buffer.from(planted).toString('base64')]) expect(written).not.toContain(encoded);
  });

  it('that is no release, or cut, is none', () => {
    const [, made] = release(1, manifest('2'));
    const cut = { ...made, data: { release: 'H4sIAAAA' } };
    expect(started(['Deployment', pay()], ['Secret', cut]).short()).toEqual([]);
  });
});

describe('delivery tools', () => {
  const application = (status: string, server = 'https://kubernetes.default.svc'): Listed => [
    'Application',
    {
      metadata: { namespace: 'argocd', name: 'shop' },
      spec: { destination: { server } },
      status: {
        sync: { status, revision: '0a1b2c' },
        resources: [{ group: 'apps', kind: 'Deployment', namespace: 'shop', name: 'pay', status }],
      },
    },
  ];
  const argo = { annotations: { 'argocd.argoproj.io/tracking-id': 'argocd_shop:apps/Deployment:shop/pay' } };

  it('Argo CD reports an object as out of sync until it is synced', () => {
    const fleet = started(['Deployment', pay(argo)], application('OutOfSync'));
    expect(fleet.present()).toMatchObject([
      {
        path: '',
        value: '"OutOfSync"',
        reference: 'Application argocd/shop at 0a1b2c',
        command: 'argocd app sync argocd/shop',
      },
    ]);
    fleet.put('east', application('Synced'));
    expect(fleet.short()).toEqual([]);
  });

  it('an Application of another cluster is out of sync itself', () => {
    const fleet = started(['Deployment', pay(argo)], application('OutOfSync', 'https://west.example'));
    expect(fleet.present()).toMatchObject([{ object: { kind: 'Application' }, path: 'status.sync.status' }]);
  });

  it('Flux is suspended, or has not applied the last revision', () => {
    const fleet = started([
      'Kustomization',
      {
        metadata: { namespace: 'flux-system', name: 'apps' },
        spec: { suspend: true },
        status: { lastAppliedRevision: 'main@sha1:1', lastAttemptedRevision: 'main@sha1:2' },
      },
    ]);
    expect(fleet.present()).toMatchObject([
      {
        path: 'spec.suspend',
        expected: 'false',
        command: 'flux reconcile kustomization apps -n flux-system --with-source',
      },
      { path: 'status.lastAppliedRevision', expected: '"main@sha1:2"' },
    ]);
  });
});

describe('its own past', () => {
  const time = '2026-09-21T13:40:00Z';
  const fields = (inner: JsonObject): JsonObject => ({
    'f:spec': { 'f:template': { 'f:spec': { 'f:containers': { 'k:{"name":"pay"}': inner } } } },
  });
  const flux = {
    manager: 'kustomize-controller',
    operation: 'Apply',
    time: '2026-09-01T00:00:00Z',
    fieldsV1: fields({}),
  };
  const byHand = (manager = 'kubectl-edit') => ({
    manager,
    operation: 'Update',
    time,
    fieldsV1: fields({ '.': {}, 'f:image': {} }),
  });
  const written = (spec: DeploymentSpec, ...managedFields: readonly JsonObject[]): Listed => {
    const made = pay(spec);
    return ['Deployment', { ...made, metadata: { ...made.metadata, managedFields } }];
  };

  it('was changed by hand, with the value before where that was seen', () => {
    const fleet = started(written({}, flux));
    fleet.put('east', written({ image: 'pay:debug' }, flux, byHand()));
    expect(fleet.present()).toMatchObject([
      {
        against: 'past',
        path: image,
        value: '"pay:debug"',
        expected: '"pay:1"',
        actor: 'kubectl-edit',
        sinceMs: Date.parse(time),
        reference: 'kustomize-controller',
      },
    ]);
    fleet.put('east', written({ image: 'pay:1' }, flux, byHand()));
    expect(fleet.short()).toEqual([]);
  });

  it('was changed before anybody watched: since when is known, and from what is not', () => {
    const [drift] = started(written({ image: 'pay:debug' }, flux, byHand())).present();
    expect(drift).toMatchObject({ isExpectedKnown: false, expected: null, patch: '', sinceMs: Date.parse(time) });
  });

  it('ends when the tool owns the field again', () => {
    const fleet = started(written({ image: 'pay:debug' }, flux, byHand()));
    fleet.put('east', written({ image: 'pay:1' }, { ...flux, fieldsV1: fields({ 'f:image': {} }) }));
    expect(fleet.short()).toEqual([]);
  });

  it.each([
    ['people alone write it', [byHand()]],
    ['controllers write it', [flux, byHand('kube-controller-manager')]],
    ['a tool applies it', [flux, { ...byHand('kubectl'), operation: 'Apply' }]],
    ['it is a status', [flux, { ...byHand(), subresource: 'status' }]],
    ['it is a restart', [flux, { ...byHand('kubectl-rollout') }]],
  ])('is no drift where %s', (_why, managedFields) => {
    expect(started(written({ image: 'pay:debug' }, ...managedFields)).short()).toEqual([]);
  });

  it('is one drift where the declared state names the value, and names who made it', () => {
    const [kind, live] = written({ image: 'pay:debug' }, { ...flux, manager: 'kubectl-client-side-apply' }, byHand());
    const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(pay()) };
    const fleet = started([kind, { ...live, metadata: { ...live.metadata, annotations } }]);
    expect(fleet.short()).toEqual([`east declared ${image}: "pay:debug", not "pay:1"`]);
    expect(fleet.present()).toMatchObject([{ actor: 'kubectl-edit', sinceMs: Date.parse(time) }]);
  });
});
