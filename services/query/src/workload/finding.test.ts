import { findingMechanisms } from '@faultline/model';
import { expect, it } from 'vitest';
import { aFinding } from '../testing/cluster.ts';
import { byExplanation, checkCommand, isWarning } from './finding.ts';
import { Grouped } from './grouped.ts';
import { knownWorkload } from './known-workload.ts';

const node = { kind: 'Node', namespace: '', name: 'n1' };

it.each([
  [
    { mechanism: 'container-exits' as const, target: null, field: 'spec.template.spec.containers[pay]' },
    'kubectl -n shop logs deployment/pay -c pay --previous --tail=50',
  ],
  [
    { mechanism: 'out-of-memory' as const, target: null, field: 'spec.template.spec.containers[*]' },
    'kubectl -n shop logs deployment/pay --all-containers --previous --tail=50',
  ],
  [
    { mechanism: 'insufficient-resources' as const },
    'kubectl -n shop get events --field-selector reason=FailedScheduling',
  ],
  [{ mechanism: 'node-not-ready' as const, object: node, target: null }, 'kubectl describe node n1'],
  [
    { target: { kind: 'Secret', namespace: 'shop', name: "a'; rm -rf" } },
    `kubectl -n shop describe secret 'a'\\''; rm -rf'`,
  ],
])('%j is seen by %s', (over, command) => expect(checkCommand(aFinding(over))).toBe(command));

it('every mechanism has a command, and none prints the value of a Secret', () => {
  for (const mechanism of findingMechanisms)
    expect(checkCommand(aFinding({ mechanism }))).toMatch(
      /^kubectl -n shop (describe|logs|rollout status|get events) /,
    );
});

it('what explains comes before what follows from it, and warnings come last', () => {
  const faults = (['autoscaler-at-limit', 'no-ready-endpoints', 'container-exits', 'secret-missing'] as const).map(
    (mechanism, index) => aFinding({ mechanism, id: mechanism, sinceMs: index }),
  );
  const sorted = [...faults].sort(byExplanation).map(({ mechanism }) => mechanism);
  expect(sorted).toEqual(['secret-missing', 'container-exits', 'no-ready-endpoints', 'autoscaler-at-limit']);
  expect(faults.filter(isWarning).map(({ mechanism }) => mechanism)).toEqual(['autoscaler-at-limit']);
});

it.each(['', '{', 'null', '{"body":1}', '{"body":{"spec":{"template":7,"replicas":"x"}},"openChange":"{"}'])(
  'a body that is %j leaves the rest readable',
  (body) => {
    const object = { kind: 'Deployment', namespace: 'shop', name: 'pay' };
    const known = { scope: { tenant: 't', environment: '' }, cluster: 'east', object, changedAtMs: 0 };
    const saved = { ...known, resource: '', uid: '', resourceVersion: '', actor: '', changeId: '', body };
    expect(knownWorkload(saved)).toEqual({ ...known, replicas: 1, images: [], resources: {}, rollout: null });
  },
);

it('a value moves with its group, and leaves no empty group behind', () => {
  const held = new Grouped<{ readonly group: string }>(({ group }) => group);
  held.set('k', { group: 'a' });
  held.set('k', { group: 'b' });
  expect([held.group('a'), held.group('b')]).toEqual([[], [{ group: 'b' }]]);
  held.delete('k');
  held.delete('k');
  expect([held.group('b'), held.keys()]).toEqual([[], []]);
});

it('requests and limits are read as cores and bytes, and what is no quantity is not set', () => {
  const resources = { requests: { cpu: '250m', memory: '1Gi' }, limits: { cpu: 2, memory: 'much' } };
  const body = {
    body: { spec: { template: { spec: { containers: [{ name: 'pay', resources }, { name: 'bare' }] } } } },
  };
  const known = knownWorkload({
    scope: { tenant: 't', environment: '' },
    cluster: 'east',
    resource: 'deployments.apps',
    object: { kind: 'Deployment', namespace: 'shop', name: 'pay' },
    uid: '',
    resourceVersion: '',
    changedAtMs: 0,
    actor: '',
    changeId: '',
    body: JSON.stringify(body),
  });
  const unset = { request: null, limit: null };
  expect(known.resources).toEqual({
    pay: { cpu: { request: 0.25, limit: 2 }, memory: { request: 2 ** 30, limit: null } },
    bare: { cpu: unset, memory: unset },
  });
});
