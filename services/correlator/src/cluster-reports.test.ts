/** What a watched cluster reports reaches the core: its records have the headers that the watcher writes. */
import { codecs, correlationKey, recordTypeHeader, recordTypes, type WorkloadFinding } from '@faultline/model';
import { newDrift } from '@faultline/model/testing';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { parseStateKey } from './state-key.ts';
import { createHarness, type Harness, scope, startMs, until } from './testing/harness.ts';

let harness: Harness;
beforeEach(async () => {
  harness = await createHarness();
});
afterEach(() => harness.close());

const finding: WorkloadFinding = {
  id: 'f1',
  scope,
  source: 'kubernetes',
  mechanism: 'secret-missing',
  object: { kind: 'Deployment', namespace: 'shop', name: 'pay' },
  field: 'spec.template.spec.containers[pay].env[DB_URL]',
  target: { kind: 'Secret', namespace: 'shop', name: 'db' },
  targetKey: '',
  entities: { service: 'pay', namespace: 'shop', cluster: 'east' },
  reason: 'CreateContainerConfigError',
  message: '',
  sinceMs: startMs,
  endedAtMs: null,
  observedAtMs: startMs,
  affected: 1,
  total: 1,
  measures: {},
  changedBy: null,
};

/** Keys of the state that the core keeps, such as `finding/f1`. */
async function stateKeys(): Promise<readonly string[]> {
  const partition = harness.bus.partitionOf('state', correlationKey(scope));
  const keys = [];
  for await (const { key } of harness.bus.read({ topic: 'state', partition, from: 0n }))
    keys.push(parseStateKey(key)?.recordKey ?? '');
  return keys;
}

const publish = (type: string, value: Uint8Array, items: string) =>
  harness.bus.publish([
    {
      topic: 'changes',
      key: correlationKey(scope),
      value,
      headers: { [recordTypeHeader]: type, source: 'kubernetes', items },
    },
  ]);

it.each([
  [
    'a fault, which is no item of the ledger',
    recordTypes.workloadFinding,
    codecs.workloadFinding.encode(finding),
    '0',
    'finding/f1',
  ],
  [
    'a drift, as the change that made it',
    recordTypes.drift,
    codecs.drift.encode(newDrift({ scope, sinceMs: startMs, changeId: 'c7' })),
    '1',
    'change/c7',
  ],
])('%s', async (_what, type, value, items, kept) => {
  const correlator = await harness.start();
  await publish(type, value, items);
  await until(stateKeys, (keys) => keys.includes(kept));
  await correlator.stop();
});

it('a copy of a change that an older release wrote for each partition is not taken', async () => {
  const correlator = await harness.start();
  await publish(recordTypes.drift, codecs.drift.encode(newDrift({ scope, sinceMs: startMs, changeId: 'copy' })), '0');
  await publish(recordTypes.drift, codecs.drift.encode(newDrift({ scope, sinceMs: startMs, changeId: 'c8' })), '1');
  const keys = await until(stateKeys, (found) => found.includes('change/c8'));
  expect(keys).not.toContain('change/copy');
  await correlator.stop();
});
