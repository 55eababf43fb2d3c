/** How far a rollout got, by the fields of the status that `kubectl rollout status` reads. */
import { expect, it } from 'vitest';
import type { JsonObject } from '../api/json.ts';
import { createConcealer } from '../decode/conceal.ts';
import { observeObject } from '../decode/object.ts';
import { kindOf } from '../testing/engine-harness.ts';
import { rolloutOf } from './rollout.ts';

function stateOf(kind: string, spec: JsonObject, status: JsonObject): string | undefined {
  const metadata = { namespace: 'shop', name: 'pay', uid: 'u', generation: 2 };
  const observed = observeObject(kindOf(kind), { metadata, spec, status }, createConcealer('salt'));
  if (observed === null) throw new Error('no object');
  const rollout = rolloutOf(observed, 5);
  return rollout === null ? undefined : `${rollout.state} ${rollout.updated}/${rollout.available}/${rollout.desired}`;
}

const deadline = [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' }];
const seen = { observedGeneration: 2 };

it.each<[string, JsonObject, JsonObject, string]>([
  ['is complete', {}, { ...seen, replicas: 1, updatedReplicas: 1, availableReplicas: 1 }, 'complete 1/1/1'],
  [
    'goes on while old pods are left',
    {},
    { ...seen, replicas: 2, updatedReplicas: 1, availableReplicas: 2 },
    'progressing 1/2/1',
  ],
  ['goes on while a new pod is not available', { replicas: 3 }, { ...seen, updatedReplicas: 3 }, 'progressing 3/0/3'],
  [
    'goes on until the controller has seen it',
    {},
    { observedGeneration: 1, replicas: 1, updatedReplicas: 1, availableReplicas: 1 },
    'progressing 1/1/1',
  ],
  [
    'is not stuck by what the status says of an earlier version',
    {},
    { observedGeneration: 1, conditions: deadline },
    'progressing 0/0/1',
  ],
  ['is stuck past its deadline', {}, { ...seen, conditions: deadline }, 'stuck 0/0/1'],
  ['is paused by somebody', { paused: true }, { ...seen, conditions: deadline }, 'paused 0/0/1'],
  ['is complete with no replicas', { replicas: 0 }, seen, 'complete 0/0/0'],
])('a Deployment %s', (_what, spec, status, expected) => expect(stateOf('Deployment', spec, status)).toBe(expected));

it.each<[string, JsonObject, JsonObject, string]>([
  ['is complete', { replicas: 2 }, { ...seen, updatedReplicas: 2, readyReplicas: 2 }, 'complete 2/2/2'],
  ['goes on', { replicas: 2 }, { ...seen, updatedReplicas: 1, readyReplicas: 2 }, 'progressing 1/2/2'],
  [
    'is complete above its partition',
    { replicas: 3, updateStrategy: { rollingUpdate: { partition: 2 } } },
    { ...seen, updatedReplicas: 1, readyReplicas: 3 },
    'complete 1/3/3',
  ],
  [
    'goes on below its partition',
    { replicas: 3, updateStrategy: { rollingUpdate: { partition: 1 } } },
    { ...seen, updatedReplicas: 1, readyReplicas: 3 },
    'progressing 1/3/3',
  ],
  [
    'is complete where the controller counts no updated pods any more',
    { replicas: 2 },
    { ...seen, readyReplicas: 2, currentRevision: 'a', updateRevision: 'a' },
    'complete 0/2/2',
  ],
])('a StatefulSet %s', (_what, spec, status, expected) => expect(stateOf('StatefulSet', spec, status)).toBe(expected));

it.each<[string, JsonObject, string]>([
  [
    'is complete on each node',
    { ...seen, desiredNumberScheduled: 3, updatedNumberScheduled: 3, numberAvailable: 3 },
    'complete 3/3/3',
  ],
  [
    'goes on while a node has the old pod',
    { ...seen, desiredNumberScheduled: 3, updatedNumberScheduled: 2, numberAvailable: 3 },
    'progressing 2/3/3',
  ],
  [
    'goes on until the controller has seen it',
    { observedGeneration: 1, desiredNumberScheduled: 3, updatedNumberScheduled: 3, numberAvailable: 3 },
    'progressing 3/3/3',
  ],
])('a DaemonSet %s', (_what, status, expected) => expect(stateOf('DaemonSet', {}, status)).toBe(expected));

it('other kinds have no rollout', () => expect(stateOf('CronJob', {}, {})).toBeUndefined());
