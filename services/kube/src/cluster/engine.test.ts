import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../api/json.ts';
import { EngineHarness, kindOf } from '../testing/engine-harness.ts';
import { complete, configMap, deployment, secret } from '../testing/objects.ts';

const summaries = ({ changes }: EngineHarness) => changes.map(({ summary }) => summary);

function started(objects: Parameters<EngineHarness['list']>[0] = {}): EngineHarness {
  const harness = new EngineHarness();
  harness.list(objects);
  return harness;
}

describe('a list', () => {
  it('at the first start reports nothing, and what comes later is new', () => {
    const harness = started({ Deployment: [deployment('pay')], ConfigMap: [configMap('pay', { level: '1' })] });
    expect(harness.changes).toEqual([]);
    harness.put('ConfigMap', configMap('other', { level: '1' }));
    expect(summaries(harness)).toEqual(['ConfigMap shop/other created']);
  });

  it('after 410 reports what is gone, new and different, and nothing else', () => {
    const harness = started({
      Deployment: [deployment('pay'), deployment('cart'), deployment('web')],
      Secret: [secret('db', { url: '1' })],
    });
    harness.listKind('Deployment', [deployment('pay'), deployment('web', { image: 'web:2' }), deployment('new')]);
    expect(summaries(harness)).toEqual([
      'Deployment shop/cart deleted',
      'Deployment shop/web changed: web 1 to 2',
      'Deployment shop/new created',
    ]);
    harness.listKind('Deployment', [deployment('pay'), deployment('web', { image: 'web:2' }), deployment('new')]);
    expect(harness.changes).toHaveLength(3);
    expect(
      harness
        .state()
        .objects.map(({ observed }) => observed.reference.name)
        .sort(),
    ).toEqual(['db', 'new', 'pay', 'web']);
  });

  it('after a restart reports what went and what changed meanwhile', () => {
    const harness = started({ Deployment: [deployment('pay'), deployment('cart')] });
    harness.restart();
    harness.list({ Deployment: [deployment('pay', { image: 'pay:2' })] });
    expect(summaries(harness)).toEqual(['Deployment shop/cart deleted', 'Deployment shop/pay changed: pay 1 to 2']);
    harness.restart();
    harness.list({ Deployment: [deployment('pay', { image: 'pay:2' })] });
    expect(harness.changes).toHaveLength(2);
  });

  it('that is empty ends everything, and an object that came back is new', () => {
    const harness = started({ ConfigMap: [configMap('a', { level: '1' })] });
    harness.listKind('ConfigMap', []);
    harness.listKind('ConfigMap', [configMap('a', { level: '1' })]);
    expect(summaries(harness)).toEqual(['ConfigMap shop/a deleted', 'ConfigMap shop/a created']);
  });

  it('with another object of the same name reports that it was replaced', () => {
    const harness = started({ Deployment: [deployment('pay')] });
    const again = deployment('pay');
    harness.listKind('Deployment', [{ ...again, metadata: { ...again.metadata, uid: 'another' } }]);
    expect(summaries(harness)).toEqual(['Deployment shop/pay replaced']);
  });
});

describe('a rollout', () => {
  it('that began before a restart ends after it, as the same change', () => {
    const harness = started({ Deployment: [deployment('pay')] });
    const generation = (value: number, draft = deployment('pay', { image: 'pay:2' })) => ({
      ...draft,
      metadata: { ...draft.metadata, generation: value },
    });
    harness.put('Deployment', generation(2));
    harness.restart();
    harness.list({ Deployment: [{ ...generation(2), status: complete(2) }] });
    expect(harness.changes.map(({ cluster }) => cluster?.rollout?.state)).toEqual(['progressing', 'complete']);
    expect(new Set(harness.changes.map(({ id }) => id)).size).toBe(1);
  });

  it('of an object that is deleted ends with it', () => {
    const harness = started({ Deployment: [deployment('pay')] });
    harness.put('Deployment', deployment('pay', { image: 'pay:2' }));
    harness.remove('Deployment', deployment('pay', { image: 'pay:2' }));
    expect(harness.changes.map(({ cluster, summary }) => cluster?.rollout?.state ?? summary)).toEqual([
      'progressing',
      'superseded',
      'Deployment shop/pay deleted',
    ]);
  });
});

describe('an object that cannot be handled', () => {
  /** Deeper than the stack. */
  function deep(): JsonObject {
    let value: JsonObject = {};
    for (let level = 0; level < 100_000; level += 1) value = { spec: value };
    return value;
  }
  const route = (name: string, spec: JsonObject = {}) => ({ metadata: { namespace: 'shop', name }, spec });

  it('in a list costs only itself', () => {
    const harness = new EngineHarness();
    harness.list({
      HTTPRoute: [route('a'), route('deep', deep()), route('b')],
      Certificate: [expiredCertificate],
    });
    expect(harness.problems).toEqual(['httproutes.gateway.networking.k8s.io']);
    expect(harness.present()).toEqual(['certificate-expired Certificate tls']);
    harness.put('HTTPRoute', route('b', { hostnames: ['b.example'] }));
    expect(summaries(harness)).toEqual(['HTTPRoute shop/b changed: spec.hostnames']);
  });

  it('that was known before is not reported as deleted', () => {
    const harness = started({ HTTPRoute: [route('a')] });
    harness.listKind('HTTPRoute', [route('a', deep())]);
    expect(harness.problems).toHaveLength(1);
    expect(harness.changes).toEqual([]);
  });
});

const expiredCertificate = {
  metadata: { namespace: 'shop', name: 'tls' },
  spec: { secretName: 'tls' },
  status: { notAfter: '2026-11-30T11:00:00Z' },
};

describe('faults', () => {
  it('wait until each kind was listed', () => {
    const harness = new EngineHarness();
    harness.listKind('Certificate', [expiredCertificate]);
    expect(harness.present()).toEqual([]);
    harness.list({ Certificate: [expiredCertificate] });
    expect(harness.present()).toEqual(['certificate-expired Certificate tls']);
  });

  it('do not wait for a kind that cannot be read', () => {
    const harness = new EngineHarness();
    harness.engine.skip(kindOf('Secret'));
    harness.listAllBut('Secret', { Certificate: [expiredCertificate] });
    expect(harness.present()).toEqual(['certificate-expired Certificate tls']);
  });

  it('that no event closes end with time', () => {
    const harness = started({ Pod: [waitingPod] });
    harness.put('Event', mountWarning);
    expect(harness.present()).toEqual(['mount-failed Pod job']);
    harness.advance(59 * 60_000);
    expect(harness.present()).toEqual(['mount-failed Pod job']);
    harness.advance(2 * 60_000);
    expect(harness.present()).toEqual([]);
  });

  it('begin with time: a certificate expires without an event', () => {
    const notAfter = '2026-12-20T12:00:00Z';
    const harness = started({ Certificate: [{ ...expiredCertificate, status: { notAfter } }] });
    expect(harness.present()).toEqual([]);
    harness.advance(7 * 86_400_000);
    expect(harness.present()).toEqual(['certificate-expiring Certificate tls']);
    harness.advance(14 * 86_400_000);
    expect(harness.present()).toEqual(['certificate-expired Certificate tls']);
  });

  it('of a budget begin when a node with its pods is drained, and end with the drain', () => {
    const node = (unschedulable: boolean) => ({ metadata: { name: 'n1' }, spec: { unschedulable } });
    const harness = started({
      Node: [node(false)],
      Deployment: [deployment('pay')],
      Pod: [{ metadata: { namespace: 'shop', name: 'p', labels: { app: 'pay' } }, spec: { nodeName: 'n1' } }],
      PodDisruptionBudget: [
        {
          metadata: { namespace: 'shop', name: 'pay' },
          spec: { minAvailable: 1, selector: { matchLabels: { app: 'pay' } } },
          status: { expectedPods: 1, disruptionsAllowed: 0, currentHealthy: 1 },
        },
      ],
    });
    expect(harness.present()).toEqual([]);
    harness.put('Node', node(true));
    expect(harness.present()).toEqual(['disruption-budget-blocks PodDisruptionBudget pay']);
    harness.put('Node', node(false));
    expect(harness.present()).toEqual([]);
  });

  it('that lasts since before a restart keeps its start', () => {
    const harness = started({ Pod: [waitingPod] });
    harness.put('Event', mountWarning);
    const sinceMs = harness.finding()?.sinceMs;
    harness.advance(60_000);
    harness.restart();
    harness.list({ Pod: [waitingPod], Event: [mountWarning] });
    expect(harness.finding()).toMatchObject({ sinceMs, endedAtMs: null });
  });

  it('names the deletion that made it, for a day', () => {
    const env = [{ name: 'URL', valueFrom: { secretKeyRef: { name: 'db', key: 'url' } } }];
    const failing = {
      metadata: {
        namespace: 'shop',
        name: 'pay-a',
        ownerReferences: [{ kind: 'Deployment', name: 'pay', uid: 'uid-Deployment-pay', controller: true }],
      },
      spec: { containers: [{ name: 'pay', env }] },
      status: {
        phase: 'Pending',
        containerStatuses: [{ name: 'pay', state: { waiting: { reason: 'CreateContainerConfigError' } } }],
      },
    };
    const changeAfter = (hours: number) => {
      const harness = started({ Deployment: [deployment('pay', { env })], Secret: [secret('db', { url: '1' })] });
      harness.remove('Secret', secret('db', { url: '1' }));
      harness.nowMs += hours * 3_600_000;
      harness.put('Secret', secret('unused', {}));
      harness.remove('Secret', secret('unused', {}));
      harness.put('Pod', failing);
      return harness.finding()?.changedBy?.object ?? null;
    };
    expect(changeAfter(1)).toMatchObject({ kind: 'Secret', name: 'db' });
    expect(changeAfter(25)).toBeNull();
  });
});

const waitingPod = {
  metadata: { namespace: 'shop', name: 'job' },
  spec: { containers: [{ name: 'c' }] },
  status: { phase: 'Pending' },
};
const mountWarning = {
  metadata: { namespace: 'shop', name: 'e' },
  type: 'Warning',
  reason: 'FailedMount',
  message: 'MountVolume.SetUp failed for volume "data" : timed out',
  involvedObject: { uid: 'uid-Pod-job' },
  firstTimestamp: '2026-11-30T11:50:00Z',
  lastTimestamp: '2026-11-30T12:00:00Z',
};

describe('names and addresses', () => {
  it('of a Service are its cluster addresses and those of its load balancer', () => {
    const harness = started({
      Deployment: [deployment('pay')],
      Service: [
        {
          metadata: { namespace: 'shop', name: 'pay-api' },
          spec: { selector: { app: 'pay' }, clusterIP: '10.0.0.7', clusterIPs: ['10.0.0.7', 'fd00::7'] },
          status: { loadBalancer: { ingress: [{ ip: '192.0.2.7' }, { hostname: 'pay.example' }] } },
        },
      ],
    });
    expect(harness.binding('Service')).toMatchObject({
      addresses: ['10.0.0.7', 'fd00::7', '192.0.2.7', 'pay.example'],
      entities: { service: 'pay', workload: 'pay', namespace: 'shop' },
    });
  });

  it.each([
    ['several workloads', [deployment('a', { labels: { tier: 'web' } }), deployment('b', { labels: { tier: 'web' } })]],
    ['no workload', []],
  ])('of a Service in front of %s are its own', (_what, deployments) => {
    const labelled = deployments.map((draft) => withPodLabels(draft, { tier: 'web' }));
    const harness = started({
      Deployment: labelled,
      Service: [
        { metadata: { namespace: 'shop', name: 'front' }, spec: { selector: { tier: 'web' }, clusterIP: 'None' } },
      ],
    });
    expect(harness.binding('Service')).toMatchObject({ addresses: [], entities: { service: 'front' } });
    expect(harness.binding('Service')?.entities.workload).toBeUndefined();
  });

  const api = { metadata: { namespace: 'shop', name: 'pay-api' }, spec: { selector: { app: 'pay' } } };
  const pod = {
    metadata: {
      namespace: 'shop',
      name: 'pay-a',
      ownerReferences: [{ kind: 'Deployment', name: 'pay', uid: 'uid-Deployment-pay', controller: true }],
    },
    spec: { nodeName: 'n1' },
    status: { podIPs: [{ ip: '10.1.2.3' }] },
  };
  const entitiesOf = (harness: EngineHarness, kind: string) => harness.binding(kind)?.entities;

  it('follow the workload, in whatever order the objects come', () => {
    const harness = started({ Service: [api], Pod: [pod] });
    expect(entitiesOf(harness, 'Service')).toEqual({ service: 'pay-api', namespace: 'shop', cluster: 'east' });
    const env = [{ name: 'OTEL_SERVICE_NAME', value: 'payments' }];
    harness.put('Deployment', deployment('pay', { env }));
    expect(entitiesOf(harness, 'Service')).toMatchObject({ service: 'payments', workload: 'pay' });
    expect(entitiesOf(harness, 'Pod')).toMatchObject({ service: 'payments', workload: 'pay', pod: 'pay-a' });
    harness.put('Deployment', deployment('pay'));
    expect(entitiesOf(harness, 'Pod')).toMatchObject({ service: 'pay' });
    harness.remove('Deployment', deployment('pay'));
    expect(entitiesOf(harness, 'Service')).toEqual({ service: 'pay-api', namespace: 'shop', cluster: 'east' });
  });

  it('of a pod follow its node', () => {
    const node = (zone: string) => ({ metadata: { name: 'n1', labels: { 'topology.kubernetes.io/zone': zone } } });
    const harness = started({ Pod: [pod] });
    expect(entitiesOf(harness, 'Pod')).toMatchObject({ node: 'n1' });
    harness.put('Node', node('z1'));
    expect(entitiesOf(harness, 'Pod')).toMatchObject({ node: 'n1', zone: 'z1' });
    const ofPod = () => [...harness.log].find(([key]) => key.includes('/pods/'))?.[1];
    const written = ofPod();
    harness.put('Node', { ...node('z1'), status: { addresses: [] } });
    expect(ofPod()).toBe(written);
  });

  it('of more objects than one call looks at are all written', () => {
    const pods = Array.from({ length: 1200 }, (_, at) => ({ ...pod, metadata: { namespace: 'shop', name: `p${at}` } }));
    expect(started({ Pod: pods }).state().bindings.size).toBe(1200);
  });

  it('of a node are its addresses and its zone', () => {
    const labels = { 'topology.kubernetes.io/zone': 'z1' };
    const status = { addresses: [{ type: 'InternalIP', address: '10.9.0.1' }, { address: 'n1.example' }] };
    const harness = started({ Node: [{ metadata: { name: 'n1', labels }, spec: {}, status }] });
    expect(harness.binding('Node')).toMatchObject({
      addresses: ['10.9.0.1', 'n1.example'],
      entities: { node: 'n1', zone: 'z1', cluster: 'east' },
    });
  });

  it('of a pod on the network of its node are none, since they are those of the node', () => {
    const status = { podIPs: [{ ip: '10.9.0.1' }] };
    const agent = { metadata: { namespace: 'shop', name: 'agent' }, spec: { hostNetwork: true }, status };
    expect(started({ Pod: [agent] }).binding('Pod')?.addresses).toEqual([]);
  });

  it('of a pod that ended are kept for a day, also over a restart', () => {
    const harness = started({ Pod: [pod] });
    harness.restart();
    harness.list();
    const endedMs = harness.nowMs;
    expect(harness.binding('Pod')).toMatchObject({ addresses: ['10.1.2.3'], toMs: endedMs });
    harness.advance(86_400_000);
    expect(harness.binding('Pod')?.toMs).toBe(endedMs);
    harness.advance(1);
    expect(harness.binding('Pod')).toBeUndefined();
  });
});

function withPodLabels(draft: ReturnType<typeof deployment>, labels: JsonObject) {
  const spec = draft['spec'] as JsonObject;
  const template = spec['template'] as JsonObject;
  return { ...draft, spec: { ...spec, template: { ...template, metadata: { labels } } } };
}

describe('the position of a watch', () => {
  const positionOf = (harness: EngineHarness) => Number(harness.state().positions.get('configmaps'));

  it('is saved with each change, and now and then without one', () => {
    const harness = started();
    harness.put('ConfigMap', configMap('a', { level: '1' }));
    const changedAt = positionOf(harness);
    const reached = (resourceVersion: string) =>
      harness.take({ type: 'reached', kind: kindOf('ConfigMap'), resourceVersion });
    reached('90001');
    expect(positionOf(harness)).toBe(changedAt);
    harness.nowMs += 10_000;
    reached('90002');
    expect(positionOf(harness)).toBe(90_002);
  });

  it('is not saved for kinds whose changes are not reported: they are listed at each start', () => {
    const harness = started({ Pod: [waitingPod] });
    expect(harness.state().positions.has('pods')).toBe(false);
  });
});
