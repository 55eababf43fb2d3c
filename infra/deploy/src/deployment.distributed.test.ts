/**
 * Renders each overlay with kustomize and checks it against Kubernetes' types and rules and Faultline's configuration.
 * Loads compose.yaml with Docker Compose's own loader. One file, so that the Go program is compiled once.
 */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { stopDeadlineMs } from '@faultline/all';
import { consumerGroups, type TopicName, topicSpec } from '@faultline/model';
import type { IScaledObject } from '@kubernetes-models/keda/keda.sh/v1alpha1';
import * as keda from '@kubernetes-models/keda/keda.sh/v1alpha1';
import * as apps from 'kubernetes-models/apps/v1';
import * as autoscaling from 'kubernetes-models/autoscaling/v2';
import * as networking from 'kubernetes-models/networking.k8s.io/v1';
import * as policy from 'kubernetes-models/policy/v1';
import * as rbac from 'kubernetes-models/rbac.authorization.k8s.io/v1';
import * as core from 'kubernetes-models/v1';
import { beforeAll, describe, expect, it } from 'vitest';
import { writeSecrets } from './secrets.ts';
import { type Checked, check } from './testing/check.ts';
import { compose, infra } from './testing/compose.ts';
import { type Manifest, ofKind, selects, type Workload, workloadsIn } from './testing/manifest.ts';
import { loadProcess, openPorts } from './testing/process.ts';

const overlays = [
  'base',
  'overlays/small',
  'overlays/small-kube',
  'overlays/large',
  'overlays/keda',
  'overlays/operators',
  'overlays/kube',
];
const rendered = new Map<string, Checked<Manifest>>();
beforeAll(async () => {
  for (const overlay of overlays) rendered.set(overlay, await check<Manifest>('kustomize', `k8s/${overlay}`));
  // The first compilation takes a minute of one core.
}, 420_000);

type Model = new (data: never) => { validate(): void };
const models: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  v1: core,
  'apps/v1': apps,
  'autoscaling/v2': autoscaling,
  'networking.k8s.io/v1': networking,
  'policy/v1': policy,
  'rbac.authorization.k8s.io/v1': rbac,
  'keda.sh/v1alpha1': keda,
};

describe.each(overlays)('%s', (overlay) => {
  const objects = () => rendered.get(overlay)?.objects ?? [];
  const workloads = () => workloadsIn(objects());
  const each = <Result>(read: (workload: Workload) => Result) =>
    Object.fromEntries(workloads().map((workload) => [workload.name, read(workload)]));

  it('has no unknown field, and only pods that the `restricted` profile admits', () => {
    expect(rendered.get(overlay)?.problems).toEqual([]);
    const counts: Readonly<Record<string, number>> = {
      'overlays/small': 1,
      'overlays/small-kube': 1,
      'overlays/kube': 6,
    };
    expect(workloads().length).toBe(counts[overlay] ?? 5);
  });

  it('has all fields that Kubernetes and KEDA require', () => {
    for (const object of objects()) {
      const Kind = models[object.apiVersion]?.[object.kind] as Model | undefined;
      if (Kind !== undefined) expect(() => new Kind(object as never).validate(), object.metadata.name).not.toThrow();
    }
  });

  it('gives every process a valid configuration', () => {
    const loaded = workloads().map(({ process }) => loadProcess(process));
    const services = loaded.flatMap(({ only }) => [...only]).sort();
    // In one pod every service starts, and `kube` does nothing until a setting turns it on.
    const kube = ['overlays/small', 'overlays/small-kube', 'overlays/kube'].includes(overlay) ? ['kube'] : [];
    expect(services).toEqual(['correlator', 'ingest', ...kube, 'notifier', 'query', 'recorder']);
    for (const { config } of loaded) expect(config.auth.tokens.length).toBe(3);
  });

  it('names the ports that each process opens', () => {
    const named = each(({ container }) =>
      Object.fromEntries((container.ports ?? []).map(({ name = '', containerPort }) => [name, containerPort])),
    );
    expect(named).toEqual(each(({ process }) => openPorts(loadProcess(process))));
  });

  it('probes only endpoints that the process serves', () => {
    const paths = each(({ container: { startupProbe, livenessProbe, readinessProbe } }) =>
      [startupProbe, livenessProbe, readinessProbe].map((probe) => probe?.httpGet?.path),
    );
    expect(paths).toEqual(each(() => ['/healthz', '/healthz', '/readyz']));
  });

  it('gives each process time to stop', () => {
    for (const { pod, container } of workloads()) {
      const waitsS = Number(container.lifecycle?.preStop?.sleep?.seconds ?? 0);
      expect(pod.terminationGracePeriodSeconds ?? 0).toBeGreaterThanOrEqual(waitsS + stopDeadlineMs / 1000 + 5);
    }
  });

  it('gives a Kubernetes token to who watches the cluster, and no writable path besides its own to anybody', () => {
    for (const { name, pod, container } of workloads()) {
      expect(pod.automountServiceAccountToken).toBe(name === 'kube' || overlay === 'overlays/small-kube');
      expect(container.securityContext?.readOnlyRootFilesystem).toBe(true);
      expect(container.resources?.limits?.['memory']).toBeDefined();
      expect(container.image).toMatch(/:\d+\.\d+\.\d+/);
    }
  });

  it('services, budgets, policies and autoscalers select existing pods', () => {
    const named = (name: string) => workloads().some((workload) => workload.name === name);
    for (const { metadata, spec } of ofKind<core.IService>(objects(), 'Service')) {
      const found = workloads().filter(({ labels }) => selects({ matchLabels: spec?.selector ?? {} }, labels));
      expect(found.length, metadata.name).toBe(1);
      const ports = found[0]?.container.ports?.map(({ name }) => name) ?? [];
      expect(ports).toEqual(expect.arrayContaining((spec?.ports ?? []).map(({ targetPort }) => targetPort)));
    }
    for (const { metadata, spec } of ofKind<policy.IPodDisruptionBudget>(objects(), 'PodDisruptionBudget'))
      expect(workloads().filter(({ labels }) => selects(spec?.selector as object, labels)).length, metadata.name).toBe(
        1,
      );
    for (const kind of ['HorizontalPodAutoscaler', 'ScaledObject'])
      for (const { spec } of ofKind<{ spec: { scaleTargetRef: { name: string } } }>(objects(), kind))
        expect(named(spec.scaleTargetRef.name)).toBe(true);
  });

  it('closes the network, then opens named ports only', () => {
    const policies = ofKind<networking.INetworkPolicy>(objects(), 'NetworkPolicy');
    expect(policies.find(({ metadata }) => metadata.name === 'default-deny')?.spec).toEqual({
      podSelector: {},
      policyTypes: ['Ingress', 'Egress'],
    });
    for (const { spec } of policies) {
      const meant = workloads().filter(({ labels }) => selects(spec?.podSelector as object, labels));
      const names = (spec?.ingress ?? []).flatMap(({ ports = [] }) => ports.map(({ port }) => port));
      for (const { container } of meant)
        expect(container.ports?.map(({ name }) => name)).toEqual(expect.arrayContaining(names));
    }
  });
});

describe('overlays/keda', () => {
  it('scales by the lag of existing groups and topics, up to their partitions', () => {
    const { objects = [] } = rendered.get('overlays/keda') ?? {};
    const [first] = workloadsIn(objects);
    if (first === undefined) throw new Error('no workload');
    const { kafka, partitions } = loadProcess(first.process).config.bus;
    const scaled = ofKind<IScaledObject>(objects, 'ScaledObject');
    expect(scaled.map(({ metadata }) => metadata.name).sort()).toEqual(['correlator', 'recorder']);
    for (const { metadata, spec } of scaled) {
      for (const { metadata: trigger } of spec?.triggers ?? []) {
        const { bootstrapServers, consumerGroup, topic = '' } = trigger as Record<string, string>;
        expect(bootstrapServers).toBe(kafka.brokers.join(','));
        const group = consumerGroups[metadata.name as 'correlator' | 'recorder'];
        expect(consumerGroup).toBe(`${kafka.topicPrefix}${group}`);
        expect(topic.startsWith(kafka.topicPrefix)).toBe(true);
        const { partitions: counted } = topicSpec(topic.slice(kafka.topicPrefix.length) as TopicName);
        expect(spec?.maxReplicaCount).toBe(counted === 'one' ? 1 : partitions[counted]);
      }
    }
    for (const { metadata, spec } of ofKind<apps.IDeployment>(objects, 'Deployment'))
      if (['recorder', 'correlator'].includes(metadata.name)) expect(spec?.replicas).toBeUndefined();
  });
});

describe('overlays/operators', () => {
  it('connects to the resources that the operators create', () => {
    const { objects = [] } = rendered.get('overlays/operators') ?? {};
    const recorder = workloadsIn(objects).find(({ name }) => name === 'recorder');
    if (recorder === undefined) throw new Error('no recorder');
    const { bus, store } = loadProcess(recorder.process).config;
    const nameOf = (kind: string) => ofKind(objects, kind)[0]?.metadata.name;
    expect(bus.kafka.brokers).toEqual([`${nameOf('Kafka')}-kafka-bootstrap:9093`]);
    expect(bus.kafka.sasl).toMatchObject({ mechanism: 'scram-sha-512', username: nameOf('KafkaUser') });
    expect(bus.kafka.tls.enabled).toBe(true);
    const acls = ofKind<{ spec: { authorization: { acls: { resource: { type: string; name?: string } }[] } } }>(
      objects,
      'KafkaUser',
    ).flatMap(({ spec }) => spec.authorization.acls.map(({ resource }) => resource));
    for (const { type, name } of acls) expect(name).toBe(type === 'cluster' ? undefined : bus.kafka.topicPrefix);
    expect(store.url).toBe(`http://clickhouse-${nameOf('ClickHouseInstallation')}:8123`);
    const [cluster] = ofKind<{ spec: { configuration: { clusters: { name: string }[] } } }>(
      objects,
      'ClickHouseInstallation',
    ).flatMap(({ spec }) => spec.configuration.clusters);
    expect(store.cluster.name).toBe(cluster?.name);
  });
});

interface Project {
  readonly services: Readonly<Record<string, { readonly environment: Readonly<Record<string, string>> }>>;
}

it('Docker Compose loads compose.yaml with its secrets', async () => {
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
