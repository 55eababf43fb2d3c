import { describe, expect, it } from 'vitest';
import { faultText, faultTitle, fieldText } from './fault-words.ts';
import type { ObjectFault } from './object-fault.ts';
import { findingMechanisms } from './workload-finding.ts';

const sinceMs = Date.UTC(2026, 10, 30, 12, 3);
const pay = { kind: 'Deployment', namespace: 'shop', name: 'pay' };
const secret = { kind: 'Secret', namespace: 'shop', name: 'pay-db' };

const faultOf = (over: Partial<ObjectFault> = {}): ObjectFault => ({
  id: 'f',
  mechanism: 'secret-missing',
  object: pay,
  field: 'spec.template.spec.containers[pay].env[DB_URL].valueFrom.secretKeyRef',
  target: secret,
  targetKey: 'url',
  sinceMs,
  endedAtMs: null,
  affected: 1,
  total: 1,
  measures: {},
  changedBy: null,
  ...over,
});
const changedBy = { changeId: 'c', object: secret, actor: 'kustomize-controller', atMs: sinceMs - 30_000 };

describe('the text of a fault', () => {
  it('names object, field and what the field refers to, since when, and who made the change', () => {
    expect(faultText(faultOf({ changedBy }))).toBe(
      'Deployment shop/pay: env DB_URL refers to key url of Secret pay-db, which is missing, since 12:03 UTC, when kustomize-controller changed Secret pay-db',
    );
  });

  it('says when an older change was made, and of which object', () => {
    const older = { ...changedBy, object: pay, actor: '', atMs: sinceMs - 3_600_000 };
    expect(faultText(faultOf({ changedBy: older }))).toMatch(/since 12:03 UTC; somebody changed it at 11:03 UTC$/);
  });

  it('says how many pods show it, and when it was over', () => {
    expect(faultText(faultOf({ affected: 2, total: 3, endedAtMs: sinceMs + 600_000 }))).toMatch(
      / \(2 of 3\), from 12:03 UTC to 12:13 UTC$/,
    );
  });

  it('names the namespace of a target in another one', () => {
    const target = { ...secret, namespace: 'vault' };
    expect(faultTitle(faultOf({ target }))).toContain('Secret vault/pay-db');
  });

  it.each([
    ['container-exits', { measures: { exitCode: 3 } }, 'container pay exits with code 3'],
    ['container-killed', { measures: { signal: 11 } }, 'container pay is killed by signal 11'],
    ['readiness-failing', {}, 'the readiness probe of container pay fails'],
    [
      'image-not-found',
      { field: 'spec.template.spec.containers[pay].image', targetKey: 'pay:9', target: null },
      'image of container pay is pay:9, which the registry does not have',
    ],
    [
      'insufficient-resources',
      { field: 'spec.template.spec.containers[*].resources.requests.cpu', measures: { nodes: 5 } },
      'resources.requests.cpu of its containers fits none of 5 nodes: too little is free',
    ],
    [
      'selector-matches-nothing',
      { field: 'spec.selector', targetKey: 'app=paid', target: null },
      'spec.selector app=paid matches no pod',
    ],
  ] as const)('%s', (mechanism, over, text) => {
    const container = 'spec.template.spec.containers[pay]';
    expect(faultTitle(faultOf({ mechanism, field: container, ...over }))).toBe(`Deployment shop/pay: ${text}`);
  });

  it('has words for each mechanism, also where nothing else is known', () => {
    for (const mechanism of findingMechanisms) {
      const text = faultTitle(faultOf({ mechanism, field: '', target: null, targetKey: '' }));
      expect([mechanism, / {2}|undefined|: $/.test(text)]).toEqual([mechanism, false]);
    }
  });
});

it.each([
  ['spec.jobTemplate.spec.template.spec.volumes[data].secret', 'volume data'],
  ['spec.template.spec.initContainers[migrate]', 'init container migrate'],
  ['spec.maxReplicas', 'spec.maxReplicas'],
])('the field %s reads %s', (field, text) => {
  expect(fieldText(field)).toBe(text);
});
