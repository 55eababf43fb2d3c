import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../api/json.ts';
import { referencesOf } from './users.ts';
import { fitsSelector, serviceNameOf } from './workload.ts';

const found = (spec: JsonObject) =>
  referencesOf(spec, 'shop').map(
    ({ target, key, field, isOptional, usedAs }) =>
      `${target.kind} ${target.name} ${key} ${field} ${usedAs}${isOptional ? ' optional' : ''}`,
  );

describe('a pod refers to', () => {
  it.each<[string, JsonObject, readonly string[]]>([
    [
      'keys of Secrets and ConfigMaps by variables, also in init containers',
      {
        initContainers: [
          { name: 'i', env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'c', key: 'k', optional: true } } }] },
        ],
        containers: [{ name: 'm', env: [{ name: 'B', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }] }],
      },
      [
        'ConfigMap c k spec.initContainers[i].env[A].valueFrom.configMapKeyRef env optional',
        'Secret s k spec.containers[m].env[B].valueFrom.secretKeyRef env',
      ],
    ],
    [
      'whole Secrets and ConfigMaps by envFrom',
      { containers: [{ name: 'm', envFrom: [{ secretRef: { name: 's' } }, { configMapRef: { name: 'c' } }] }] },
      [
        'Secret s  spec.containers[m].envFrom.secretRef env',
        'ConfigMap c  spec.containers[m].envFrom.configMapRef env',
      ],
    ],
    [
      'volumes, with the keys that they name',
      {
        volumes: [
          { name: 'tls', secret: { secretName: 's', items: [{ key: 'a' }, { key: 'b' }] } },
          { name: 'cfg', configMap: { name: 'c' } },
          { name: 'data', persistentVolumeClaim: { claimName: 'p' } },
          {
            name: 'all',
            projected: { sources: [{ secret: { name: 's2' } }, { configMap: { name: 'c2', items: [{ key: 'k' }] } }] },
          },
        ],
      },
      [
        'Secret s a spec.volumes[tls].secret volume',
        'Secret s b spec.volumes[tls].secret volume',
        'ConfigMap c  spec.volumes[cfg].configMap volume',
        'PersistentVolumeClaim p  spec.volumes[data].persistentVolumeClaim volume',
        'Secret s2  spec.volumes[all].projected.secret volume',
        'ConfigMap c2 k spec.volumes[all].projected.configMap volume',
      ],
    ],
    [
      'its account and the Secrets of its registry',
      { imagePullSecrets: [{ name: 'r' }], serviceAccountName: 'a' },
      ['Secret r  spec.imagePullSecrets[r] pull', 'ServiceAccount a  spec.serviceAccountName account'],
    ],
    ['nothing', { containers: [{ name: 'm', env: [{ name: 'A', value: '1' }] }] }, []],
  ])('%s', (_what, spec, expected) => expect(found(spec)).toEqual(expected));
});

describe('a selector', () => {
  const labels = { app: 'pay', tier: 'web' };
  it.each<[string, JsonObject, boolean]>([
    ['that is empty fits everything', {}, true],
    ['by equal labels', { matchLabels: { app: 'pay' } }, true],
    ['by another label', { matchLabels: { app: 'cart' } }, false],
    ['In', { matchExpressions: [{ key: 'app', operator: 'In', values: ['pay', 'cart'] }] }, true],
    ['In, without the label', { matchExpressions: [{ key: 'zone', operator: 'In', values: ['pay'] }] }, false],
    ['NotIn', { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['pay'] }] }, false],
    ['NotIn, without the label', { matchExpressions: [{ key: 'zone', operator: 'NotIn', values: ['a'] }] }, true],
    ['Exists', { matchExpressions: [{ key: 'tier', operator: 'Exists' }] }, true],
    ['Exists, without the label', { matchExpressions: [{ key: 'zone', operator: 'Exists' }] }, false],
    ['DoesNotExist', { matchExpressions: [{ key: 'zone', operator: 'DoesNotExist' }] }, true],
    ['DoesNotExist, with the label', { matchExpressions: [{ key: 'app', operator: 'DoesNotExist' }] }, false],
    ['an operator that a later Kubernetes may add', { matchExpressions: [{ key: 'app', operator: 'Near' }] }, false],
    [
      'of both, where one does not fit',
      { matchLabels: { app: 'pay' }, matchExpressions: [{ key: 'zone', operator: 'Exists' }] },
      false,
    ],
  ])('%s', (_what, selector, expected) => expect(fitsSelector(labels, selector)).toBe(expected));
});

describe('the service of a workload is named by', () => {
  const workload = { kind: 'Deployment', namespace: 'shop', name: 'pay' };
  const body = (metadata: JsonObject, env: readonly JsonObject[] = []): JsonObject => ({
    spec: { template: { metadata, spec: { containers: [{ name: 'pay', env }] } } },
  });
  const otel = (name: string, value: string) => [{ name, value }];
  const labels = { 'app.kubernetes.io/name': 'by-label' };
  it.each<[string, JsonObject, string]>([
    ['its own name', body({}), 'pay'],
    ['the recommended label', body({ labels }), 'by-label'],
    ['the variable of its SDK', body({ labels }, otel('OTEL_SERVICE_NAME', 'by-env')), 'by-env'],
    [
      'the attributes of its SDK',
      body({}, otel('OTEL_RESOURCE_ATTRIBUTES', 'a=b, service.name=by-attribute,c=d')),
      'by-attribute',
    ],
    ['no value that Kubernetes composes', body({ labels }, otel('OTEL_SERVICE_NAME', '$(POD)-x')), 'by-label'],
    [
      'the annotation before all',
      body(
        { labels, annotations: { 'resource.opentelemetry.io/service.name': 'by-annotation' } },
        otel('OTEL_SERVICE_NAME', 'by-env'),
      ),
      'by-annotation',
    ],
  ])('%s', (_what, given, expected) => expect(serviceNameOf(workload, given)).toBe(expected));
});
