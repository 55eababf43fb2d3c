import { describe, expect, it } from 'vitest';
import { Fleet, type Listed } from '../testing/fleet.ts';
import { configMap, type DeploymentSpec, deployment, secret } from '../testing/objects.ts';

const pay = (spec: DeploymentSpec = {}): Listed => ['Deployment', deployment('pay', spec)];
const image = 'spec.template.spec.containers[pay].image';

/** Clusters `a`, `b` and `c`, each with the objects at its place. */
function fleetOf(objects: readonly (readonly Listed[])[], options?: ConstructorParameters<typeof Fleet>[0]): Fleet {
  const fleet = new Fleet(options);
  for (const [index, own] of objects.entries()) fleet.start('abc'.charAt(index), own);
  return fleet;
}

describe('the same workload in three clusters', () => {
  it('has no drift while it is equal', () => {
    const objects = [pay(), ['ConfigMap', configMap('pay', { level: '1' })] as const];
    expect(fleetOf([objects, objects, objects]).short()).toEqual([]);
  });

  it('has drifted in the cluster that differs from the two others', () => {
    const fleet = fleetOf([[pay()], [pay({ image: 'pay:2' })], [pay()]]);
    expect(fleet.short()).toEqual([`b cluster ${image}: "pay:2", not "pay:1"`]);
    expect(fleet.present()).toMatchObject([
      { reference: 'a, c', area: 'image', risk: 'high', entities: { service: 'pay', namespace: 'shop', cluster: 'b' } },
    ]);
  });

  it('says how to repair it', () => {
    const [drift] = fleetOf([[pay()], [pay({ image: 'pay:2' })], [pay()]]).present();
    expect(JSON.parse(drift?.patch ?? '')).toEqual({
      spec: { template: { spec: { containers: [{ name: 'pay', image: 'pay:1' }] } } },
    });
    expect(drift?.command).toBe(`kubectl patch deployments.apps pay -n shop --type=strategic -p '${drift?.patch}'`);
  });

  it('ends when the clusters are equal again, and starts anew when they are not', () => {
    const fleet = fleetOf([[pay()], [pay()], [pay()]]);
    fleet.put('c', pay({ image: 'pay:2' }));
    expect(fleet.short()).toHaveLength(1);
    fleet.put('a', pay({ image: 'pay:2' }));
    expect(fleet.short()).toEqual([`b cluster ${image}: "pay:1", not "pay:2"`]);
    fleet.put('b', pay({ image: 'pay:2' }));
    expect(fleet.short()).toEqual([]);
    expect(fleet.reports.map(({ cluster, endedAtMs }) => `${cluster} ${endedAtMs !== null}`)).toEqual([
      'c false',
      'b false',
      'c true',
      'b true',
    ]);
  });

  it('names who changed it and since when', () => {
    const fleet = fleetOf([[pay()], [pay()], [pay()]]);
    const draft = deployment('pay', { image: 'pay:2' });
    const managedFields = [{ manager: 'jenkins', operation: 'Update', time: '2026-09-21T13:46:00Z' }];
    fleet.put('c', ['Deployment', { ...draft, metadata: { ...draft.metadata, managedFields } }]);
    expect(fleet.present()).toMatchObject([{ actor: 'jenkins', sinceMs: Date.parse('2026-09-21T13:46:00Z') }]);
    expect(fleet.present()[0]?.changeId).not.toBe('');
  });

  it('names nobody in the cluster that the others have left behind', () => {
    const fleet = fleetOf([[pay()], [pay()], [pay()]]);
    fleet.put('a', pay({ image: 'pay:2' }));
    fleet.put('b', pay({ image: 'pay:2' }));
    expect(fleet.present()).toMatchObject([{ cluster: 'c', actor: '', changeId: '' }]);
  });

  it('is missing a container as a whole', () => {
    const sidecar = {
      containers: [
        { name: 'pay', image: 'pay:1', env: [] },
        { name: 'proxy', image: 'proxy:1' },
      ],
    };
    const fleet = fleetOf([[pay({ pod: sidecar })], [pay()], [pay({ pod: sidecar })]]);
    const path = 'spec.template.spec.containers[proxy]';
    expect(fleet.short()).toEqual([`b cluster ${path}: absent, not {"name":"proxy","image":"proxy:1"}`]);
  });
});

describe('two clusters', () => {
  it('of two halves the one that changed last has drifted', () => {
    const fleet = fleetOf([[pay()], [pay()]]);
    fleet.put('a', pay({ image: 'pay:2' }));
    expect(fleet.short()).toEqual([`a cluster ${image}: "pay:2", not "pay:1"`]);
  });

  it('the cluster that is always right never drifts', () => {
    const fleet = fleetOf([[pay()], [pay()]], { config: { reference: 'a' } });
    fleet.put('a', pay({ image: 'pay:2' }));
    expect(fleet.short()).toEqual([`b cluster ${image}: "pay:1", not "pay:2"`]);
  });

  it('are compared by the name that a rule gives', () => {
    const east: Listed = ['Deployment', deployment('pay', { namespace: 'shop-a' })];
    const west: Listed = ['Deployment', deployment('pay', { namespace: 'shop-b', image: 'pay:2' })];
    expect(fleetOf([[east], [west]]).short()).toEqual([]);
    const sameObject = [{ match: 'shop-(?:a|b)/(.*)', as: 'shop/$1' }];
    expect(fleetOf([[east], [west]], { config: { sameObject } }).short()).toHaveLength(1);
  });

  it('are not compared with clusters that the setting does not name', () => {
    expect(fleetOf([[pay()], [pay({ image: 'pay:2' })]], { config: { compareWith: ['z'] } }).short()).toEqual([]);
  });
});

describe('what is no drift', () => {
  it('what a rule expects', () => {
    const region = (value: string) => [pay({ env: [{ name: 'REGION', value }] })];
    const objects = [region('eu'), region('us'), region('ap')];
    expect(fleetOf(objects).short()).not.toEqual([]);
    const expected = [{ path: 'spec.template.spec.containers[*].env[REGION]' }];
    expect(fleetOf(objects, { config: { expected } }).short()).toEqual([]);
  });

  it('replicas that an autoscaler sets', () => {
    const scaler = (name: string): Listed => [
      'HorizontalPodAutoscaler',
      { metadata: { namespace: 'shop', name }, spec: { maxReplicas: 9, scaleTargetRef: { kind: 'Deployment', name } } },
    ];
    const objects = [[pay()], [pay({ replicas: 7 })], [pay()]];
    expect(fleetOf(objects).short()).toEqual(['b cluster spec.replicas: 7, not 3']);
    expect(fleetOf(objects.map((own) => [...own, scaler('pay')])).short()).toEqual([]);
    expect(fleetOf(objects.map((own) => [...own, scaler('other')])).short()).toHaveLength(1);
  });

  it('what has not lasted: a rollout reaches one cluster after the other', () => {
    const fleet = fleetOf([[pay()], [pay()], [pay()]], { config: { settleMs: 600_000 } });
    fleet.put('a', pay({ image: 'pay:2' }));
    fleet.advance(300_000);
    fleet.put('b', pay({ image: 'pay:2' }));
    fleet.put('c', pay({ image: 'pay:2' }));
    fleet.advance(900_000);
    expect(fleet.reports).toEqual([]);
    fleet.put('a', pay({ image: 'pay:3' }));
    fleet.advance(900_000);
    expect(fleet.short()).toEqual([`a cluster ${image}: "pay:3", not "pay:2"`]);
  });

  it('labels, annotations and ports that each cluster gives', () => {
    const one = deployment('pay', { labels: { region: 'eu' }, annotations: { note: 'x' } });
    expect(fleetOf([[['Deployment', one]], [pay()], [pay()]]).short()).toEqual([]);
  });
});

describe('values that nobody may read', () => {
  const config = (level: string): Listed => ['ConfigMap', configMap('pay', { level })];
  const password = (value: string): Listed => ['Secret', secret('db', { password: value })];

  it('are compared by their hash in ConfigMaps, and the patch does not pretend to know them', () => {
    const fleet = fleetOf([[config('1')], [config('2')], [config('1')]]);
    expect(fleet.present()).toMatchObject([{ path: 'data.level', area: 'configuration', patch: '', command: '' }]);
    expect(fleet.short()[0]).toMatch(/^b cluster data\.level: "hash:[0-9a-f]{24}", not "hash:[0-9a-f]{24}"$/);
  });

  it('of Secrets are compared only when a setting says so; their keys always are', () => {
    const objects = [[password('1')], [password('2')], [password('1')]];
    expect(fleetOf(objects).short()).toEqual([]);
    expect(fleetOf(objects, { config: { compareSecretValues: true } }).short()).toHaveLength(1);
    const without: Listed = ['Secret', secret('db', {})];
    expect(fleetOf([[password('1')], [without], [password('1')]]).short()).toEqual([
      'b cluster data.password: absent, not "present"',
    ]);
  });

  it('say nothing where the clusters have different salts', () => {
    const salts = { a: 'x', b: 'y', c: 'z' };
    expect(fleetOf([[config('1')], [config('1')], [config('1')]], { salts }).short()).toEqual([]);
  });
});
