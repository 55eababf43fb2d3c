import type { Change } from '@faultline/model';
import { describe, expect, it } from 'vitest';
import { at, type JsonObject } from '../api/json.ts';
import { ClusterModel, type KnownObject } from '../cluster/model.ts';
import { createConcealer } from '../decode/conceal.ts';
import { type ObservedObject, observeObject } from '../decode/object.ts';
import { resourceKinds } from '../resources/table.ts';
import { complete, configMap, deployment, secret } from '../testing/objects.ts';
import { baseline, decideChange, decideDeletion, tagOf } from './change.ts';

type Draft = JsonObject & { readonly metadata: JsonObject };

/** Plays versions of objects one after the other. The first version of each is what was there before. */
class Play {
  readonly model = new ClusterModel();
  readonly changes: Change[] = [];
  nowMs = 1_790_000_000_000;
  #version = 0;

  /** Takes a version without reporting it. */
  before(kind: string, draft: Draft, more: JsonObject = {}): void {
    this.model.set(baseline(this.#observe(kind, draft, more)));
  }

  /** Takes the next version and returns what is reported. */
  after(kind: string, draft: Draft, more: JsonObject = {}, status: JsonObject = {}): readonly Change[] {
    this.nowMs += 1000;
    const observed = this.#observe(kind, { ...draft, status }, more);
    const { resource, reference } = observed;
    const known = this.model.get(resource, reference.namespace, reference.name) ?? null;
    this.model.set({ ...(known ?? baseline(observed)), observed });
    const decision = decideChange(this.context, known, observed);
    this.model.set(decision.known);
    this.changes.push(...decision.changes);
    return decision.changes;
  }

  get context() {
    return {
      model: this.model,
      identity: { cluster: 'east', scope: { tenant: 't', environment: '' } },
      nowMs: this.nowMs,
    };
  }

  #observe(kind: string, draft: Draft, more: JsonObject): ObservedObject {
    const entry = resourceKinds.find((candidate) => candidate.kind === kind);
    this.#version += 1;
    const metadata = {
      uid: `uid-${kind}-${String(draft.metadata['name'])}`,
      resourceVersion: String(this.#version),
      ...draft.metadata,
      ...more,
    };
    const observed = entry === undefined ? null : observeObject(entry, { ...draft, metadata }, createConcealer('s'));
    if (observed === null) throw new Error(`no ${kind}`);
    return observed;
  }
}

const generation = (value: number): JsonObject => ({ generation: value });
const writtenBy = (manager: string): JsonObject => ({ managedFields: [{ manager, time: '2026-11-30T12:00:00Z' }] });

/** The Deployment `pay` in these versions of its spec, from the first on which nothing is reported. */
function rollouts(...specs: readonly Parameters<typeof deployment>[1][]): Play {
  const play = new Play();
  specs.forEach((spec, index) => {
    if (index === 0) play.before('Deployment', deployment('pay', spec), generation(1));
    else play.after('Deployment', deployment('pay', spec), generation(index + 1));
  });
  return play;
}

describe('a rollout', () => {
  it('is one change from its begin to its end', () => {
    const play = rollouts({}, { image: 'pay:2' });
    const draft = deployment('pay', { image: 'pay:2' });
    expect(play.after('Deployment', draft, generation(2), { ...complete(2), availableReplicas: 1 })).toEqual([]);
    const [ended] = play.after('Deployment', draft, generation(2), complete(2));
    expect(ended).toMatchObject({
      id: play.changes[0]?.id,
      endedAtMs: play.nowMs,
      cluster: { rollout: { state: 'complete' } },
    });
    expect(play.after('Deployment', draft, generation(2), complete(2))).toEqual([]);
  });

  it('is stuck past its deadline, and may go on', () => {
    const play = rollouts({}, { image: 'pay:2' });
    const draft = deployment('pay', { image: 'pay:2' });
    const late = {
      ...complete(2),
      conditions: [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' }],
    };
    const [stuck] = play.after('Deployment', draft, generation(2), late);
    expect(stuck).toMatchObject({
      endedAtMs: null,
      cluster: { rollout: { state: 'stuck', reason: 'ProgressDeadlineExceeded' } },
    });
    expect(play.after('Deployment', draft, generation(2), complete(2))[0]?.cluster?.rollout?.state).toBe('complete');
  });

  it('ends the one before it', () => {
    const play = rollouts({}, { image: 'pay:2' }, { image: 'pay:3' });
    expect(play.changes.map(({ version, cluster }) => `${version} ${cluster?.rollout?.state}`)).toEqual([
      '2 progressing',
      '2 superseded',
      '3 progressing',
    ]);
  });

  it('to a template that it had before is a rollback', () => {
    const play = rollouts({}, { image: 'pay:2' }, { image: 'pay:1' });
    expect(play.changes.at(-1)).toMatchObject({
      kind: 'rollback',
      summary: 'Deployment shop/pay rolled back: pay 2 to 1',
    });
    expect(new Set(play.changes.map(({ id }) => id)).size).toBe(2);
  });

  it.each<[string, Parameters<typeof deployment>[1], Parameters<typeof deployment>[1], string]>([
    [
      'a container that is new',
      {},
      { pod: { initContainers: [{ name: 'migrate', image: 'm:2' }] } },
      'migrate added at 2',
    ],
    ['an image without a tag', { image: 'pay' }, { image: 'pay:2' }, 'pay pay to pay:2'],
    ['another registry with the same tag', { image: 'a/pay:1' }, { image: 'b/pay:1' }, 'pay a/pay:1 to b/pay:1'],
    ['another digest', { image: 'pay@sha256:0a1' }, { image: 'pay@sha256:0b2' }, 'pay sha256:0a1 to sha256:0b2'],
  ])('says which image it brings, with %s', (_what, before, after, expected) => {
    expect(rollouts(before, after).changes[0]?.summary).toContain(`Deployment shop/pay changed: ${expected}`);
  });

  it('without another image is a change of configuration, and a restart is none of anything', () => {
    const env = [{ name: 'LEVEL', value: 'debug' }];
    expect(rollouts({ env: [{ name: 'LEVEL', value: 'info' }] }, { env }).changes[0]).toMatchObject({
      kind: 'config',
      cluster: {
        paths: [{ path: 'spec.template.spec.containers[pay].env[LEVEL].value', from: '"info"', to: '"debug"' }],
      },
    });
    const play = new Play();
    const restarted = (time: string): Draft => {
      const draft = deployment('pay');
      const template = {
        metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': time } },
        spec: at(draft, 'spec', 'template', 'spec'),
      };
      return { ...draft, spec: { ...at(draft, 'spec'), template } };
    };
    play.before('Deployment', restarted('1'), generation(1));
    expect(play.after('Deployment', restarted('2'), generation(2))).toMatchObject([
      { summary: 'Deployment shop/pay restarted', cluster: { paths: [] } },
    ]);
  });

  it('goes on while its replicas change', () => {
    const play = rollouts({}, { image: 'pay:2' }, { image: 'pay:2', replicas: 5 });
    expect(play.changes.map(({ kind }) => kind)).toEqual(['deploy', 'scale']);
    const known = play.model.get('deployments.apps', 'shop', 'pay') as KnownObject;
    expect(known.openChange?.id).toBe(play.changes[0]?.id);
  });
});

describe('an object that differs in nothing that anybody changed', () => {
  it.each<[string, JsonObject]>([
    ['the server counts', { resourceVersion: '99' }],
    ['kubectl repeats the object', { annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{"a":1}' } }],
    ['the controller numbers revisions', { annotations: { 'deployment.kubernetes.io/revision': '7' } }],
    ['another manager writes the same', writtenBy('argocd-controller')],
  ])('%s', (_what, more) => {
    const play = rollouts({});
    expect(play.after('Deployment', deployment('pay'), { ...generation(1), ...more })).toEqual([]);
  });

  it('the order of a list of names does not matter', () => {
    const env = (...names: readonly string[]) => names.map((name) => ({ name, value: 'x' }));
    expect(
      rollouts({ env: env('A', 'B') }, { env: env('B', 'A') }).changes.flatMap(({ cluster }) => cluster?.paths ?? []),
    ).toEqual([]);
  });

  it.each(['helm.sh/release.v1', 'kubernetes.io/service-account-token'])('a Secret of type %s', (type) => {
    const play = new Play();
    play.before('Secret', { ...secret('s', { a: '1' }), type });
    expect(play.after('Secret', { ...secret('s', { a: '2' }), type })).toEqual([]);
  });
});

describe('who changed it', () => {
  const changedBy = (manager: string, metadata: JsonObject, play = new Play()) => {
    const draft = (image: string): Draft => {
      const made = deployment('pay', { image });
      return { ...made, metadata: { ...made.metadata, ...metadata } };
    };
    play.before('Deployment', draft('pay:1'), generation(1));
    const [change] = play.after('Deployment', draft('pay:2'), { ...generation(2), ...writtenBy(manager) });
    return [change?.actor, change?.cluster?.manager, change?.cluster?.commit];
  };
  const flux = {
    labels: { 'kustomize.toolkit.fluxcd.io/name': 'apps', 'kustomize.toolkit.fluxcd.io/namespace': 'flux-system' },
  };

  it('a person', () => {
    expect(changedBy('kubectl-edit', {})).toEqual(['kubectl-edit', 'kubectl-edit', '']);
  });

  it('Flux, with the commit that it applied', () => {
    const play = new Play();
    play.before('Kustomization', {
      metadata: { namespace: 'flux-system', name: 'apps' },
      status: { lastAttemptedRevision: 'main@sha1:0a1b2c' },
    });
    expect(changedBy('kustomize-controller', flux, play)).toEqual([
      'kustomize-controller (Kustomization flux-system/apps)',
      'kustomize-controller',
      '0a1b2c',
    ]);
  });

  it('a person who edits what Flux delivers', () => {
    expect(changedBy('kubectl-edit', flux)[0]).toBe('kubectl-edit');
  });

  it('Argo CD and Helm', () => {
    const argo = { annotations: { 'argocd.argoproj.io/tracking-id': 'shop:apps/Deployment:shop/pay' } };
    expect(changedBy('argocd-controller', argo)[0]).toBe('argocd-controller (Application shop)');
    const helm = { annotations: { 'meta.helm.sh/release-name': 'pay', 'meta.helm.sh/release-namespace': 'shop' } };
    expect(changedBy('helm', helm)[0]).toBe('helm (release shop/pay)');
  });
});

describe('objects that others use', () => {
  const using = (name: string) =>
    deployment(name, { pod: { volumes: [{ name: 'c', configMap: { name: 'shared' } }] } });

  it('are reported for each workload that uses them', () => {
    const play = new Play();
    for (const name of ['a', 'b']) play.before('Deployment', using(name));
    play.before('ConfigMap', configMap('shared', { level: '1' }));
    const found = play.after('ConfigMap', configMap('shared', { level: '2' }));
    expect(found.map(({ entities, kind }) => `${kind} ${entities.service}`)).toEqual(['config a', 'config b']);
    expect(new Set(found.map(({ id }) => id)).size).toBe(2);
  });

  it('are reported by their namespace where nobody uses them', () => {
    const play = new Play();
    expect(play.after('Secret', secret('s', { a: '1' }))).toMatchObject([
      { summary: 'Secret shop/s created', entities: { namespace: 'shop', cluster: 'east' } },
    ]);
  });

  it('an autoscaler is reported for what it scales', () => {
    const scaler = (maxReplicas: number): Draft => ({
      metadata: { namespace: 'shop', name: 'h' },
      spec: { maxReplicas, scaleTargetRef: { kind: 'Deployment', name: 'pay' } },
    });
    const play = rollouts({});
    play.before('HorizontalPodAutoscaler', scaler(5));
    expect(play.after('HorizontalPodAutoscaler', scaler(9))).toMatchObject([
      {
        kind: 'config',
        entities: { service: 'pay' },
        cluster: { paths: [{ path: 'spec.maxReplicas', from: '5', to: '9' }] },
      },
    ]);
  });

  it('a node that is cordoned is infrastructure', () => {
    const play = new Play();
    play.before('Node', { metadata: { name: 'n1' }, spec: {} });
    expect(play.after('Node', { metadata: { name: 'n1' }, spec: { unschedulable: true } })).toMatchObject([
      {
        kind: 'infrastructure',
        summary: 'Node n1 changed: spec.unschedulable',
        entities: { node: 'n1', cluster: 'east' },
      },
    ]);
    const away = {
      metadata: { name: 'n1' },
      spec: { unschedulable: true, taints: [{ key: 'node.kubernetes.io/unreachable', effect: 'NoExecute' }] },
    };
    expect(play.after('Node', away)).toEqual([]);
  });

  it('an end names nobody, because the API does not', () => {
    const play = new Play();
    play.after('Secret', secret('s', { a: '1' }), writtenBy('kubectl-edit'));
    const known = play.model.get('secrets', 'shop', 's') as KnownObject;
    expect(decideDeletion(play.context, known)).toMatchObject([{ summary: 'Secret shop/s deleted', actor: '' }]);
  });
});

it('two workloads of one name carry their namespaces', () => {
  const play = new Play();
  play.before('Deployment', deployment('web', { namespace: 'blog' }));
  play.before('Deployment', deployment('web', { namespace: 'shop' }), generation(1));
  const [change] = play.after('Deployment', deployment('web', { namespace: 'shop', image: 'web:2' }), generation(2));
  expect(change?.entities).toMatchObject({ service: 'shop/web', workload: 'shop/web', namespace: 'shop' });
});

it('the service is what OpenTelemetry calls it', () => {
  const env = [{ name: 'OTEL_SERVICE_NAME', value: 'payments' }];
  expect(rollouts({ env }, { env, image: 'pay:2' }).changes[0]?.entities).toMatchObject({
    service: 'payments',
    workload: 'pay',
  });
});

it.each([
  ['registry:5000/shop/pay:1.2', '1.2'],
  ['pay:1.2@sha256:0123456789abcdef', '1.2'],
  ['pay@sha256:0123456789abcdef', 'sha256:0123456789ab'],
  ['pay', ''],
])('the tag of %s is %s', (image, tag) => expect(tagOf(image)).toBe(tag));
