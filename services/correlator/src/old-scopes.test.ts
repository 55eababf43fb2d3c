/** An open incident of an older release, under the key of its environment and in that key's partition, goes on under its tenant's. */
import { correlationKey } from '@faultline/model';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { takenOverKey } from './old-scopes.ts';
import { parseStateKey, stateKey } from './state-key.ts';
import {
  alert,
  alertRecord,
  createHarness,
  type Harness,
  revisions,
  scope,
  startMs,
  until,
} from './testing/harness.ts';

let harness: Harness;
beforeEach(async () => {
  harness = await createHarness();
});
afterEach(() => harness.close());

const tenantKey = correlationKey(scope);
/** As ingest writes `prod` now. */
const production = { scope: { ...scope, environment: 'production' } };

/** The last value of each record of the state, by partition. */
async function stateOf(partition: number): Promise<Map<string, Uint8Array>> {
  const values = new Map<string, Uint8Array>();
  for await (const { key, value } of harness.bus.read({ topic: 'state', partition, from: 0n })) {
    if (value === null) values.delete(key);
    else values.set(key, value);
  }
  return values;
}

/** Rewrites the state as the older release kept it: under `t/prod`, in another partition, and without the marker. */
async function makeOld(from: number, to: number): Promise<void> {
  const own = [...(await stateOf(from))].filter(([key]) => parseStateKey(key)?.scopeKey === tenantKey);
  await harness.bus.publish([
    ...own.map(([key]) => ({ topic: 'state' as const, partition: from, key, value: null })),
    ...own.map(([key, value]) => ({
      topic: 'state' as const,
      partition: to,
      key: stateKey('t/prod', parseStateKey(key)?.recordKey ?? ''),
      value,
    })),
    ...[from, to].map((partition) => ({ topic: 'state' as const, partition, key: takenOverKey, value: null })),
  ]);
}

it.each([
  ['in another partition', 1],
  ['in the same partition', 0],
])('%s', async (_name, distance) => {
  const first = await harness.start();
  await harness.bus.publish([alertRecord(alert('checkout'))]);
  const [paged] = await until(
    () => revisions(harness.bus),
    (found) => found.length > 0,
  );
  await first.stop();
  const home = harness.bus.partitionOf('state', tenantKey);
  const old = (home + distance) % 2;
  await makeOld(home, old);

  const second = await harness.start();
  const over = alert('checkout', { ...production, status: 'resolved', endsAtMs: startMs + 1 });
  await harness.bus.publish([alertRecord(over)]);
  const all = await until(
    () => {
      harness.nowMs += 1_000;
      return revisions(harness.bus);
    },
    (found) => found.at(-1)?.firingCount === 0 || found.some(({ firingCount }) => firingCount === 0),
  );
  expect(new Set(all.map(({ id }) => id))).toEqual(new Set([paged?.id]));
  expect(Math.max(...all.map(({ revision }) => revision))).toBe(2);
  await second.stop();

  // The page's next revision is where its notifier follows it, and nothing is left under the old key.
  const pagedIn = async (partition: number) => {
    let last = 0;
    for await (const { key } of harness.bus.read({ topic: 'incidents', partition, from: 0n }))
      if (key === paged?.id) last += 1;
    return last;
  };
  expect(await pagedIn(old)).toBe(distance === 0 ? 2 : 1);
  const left = await stateOf(old);
  expect([...left.keys()].filter((key) => key.startsWith('t/prod|'))).toEqual([]);
  expect((await stateOf(home)).has(takenOverKey)).toBe(true);

  // A restart finds the same, and takes nothing over again.
  const third = await harness.start();
  await harness.bus.publish([
    alertRecord(alert('checkout', { ...production, startsAtMs: harness.nowMs, name: 'Other' })),
  ]);
  const later = await until(
    () => {
      harness.nowMs += 1_000;
      return revisions(harness.bus);
    },
    (found) => found.some(({ alertCount }) => alertCount === 2),
  );
  expect(new Set(later.map(({ id }) => id)).size).toBe(1);
  await third.stop();
});
