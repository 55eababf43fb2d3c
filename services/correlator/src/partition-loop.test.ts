/** The host round the core: batches, scopes, tenants, restarts, bad records. */
import { codecs, correlationKey, type DeadLetter, emptyEvidenceRows, type Incident } from '@faultline/model';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stateKey } from './state-key.ts';
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

const ofTenant = (tenant: string) => ({ scope: { ...scope, tenant } });
const last = (all: readonly Incident[]) => all.at(-1);

/** Two services of one storm, flapping, duplicates, an end. */
function manyAlerts() {
  return Array.from({ length: 60 }, (_, n) =>
    alertRecord(
      alert(n % 3 === 0 ? 'cart' : 'checkout', {
        name: `Alert${n % 7}`,
        status: n % 11 === 10 ? 'resolved' : 'firing',
        startsAtMs: startMs - 60_000 + n,
      }),
    ),
  );
}

async function stateAfter(batchRecords: number, restartEvery: number): Promise<readonly string[]> {
  const own = await createHarness();
  own.answer = () => new Promise(() => undefined);
  const records = manyAlerts();
  let running = await own.start({ batchRecords });
  for (let n = 0; n < records.length; n += 20) {
    await own.bus.publish(records.slice(n, n + 20));
    await until(
      () => taken(own),
      (count) => count >= BigInt(n + 20),
    );
    if (restartEvery > 0) {
      await running.stop();
      running = await own.start({ batchRecords });
    }
  }
  await running.stop();
  const state = new Map<string, string>();
  for (let partition = 0; partition < 2; partition += 1)
    for await (const { key, value } of own.bus.read({ topic: 'state', partition, from: 0n }))
      if (value === null) state.delete(key);
      else state.set(key, Buffer.from(value).toString());
  await own.close();
  return [...state].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => `${key} ${value}`);
}

async function taken(own: Harness): Promise<bigint> {
  const positions = await own.bus.committed('correlator', 'alerts');
  return positions.reduce((sum, { offset }) => sum + offset, 0n);
}

it('any cut into batches, and restarts between them, end in the same state', async () => {
  const one = await stateAfter(1, 0);
  expect(one.some((line) => line.includes('|incident/'))).toBe(true);
  expect(await stateAfter(7, 0)).toEqual(one);
  expect(await stateAfter(200, 1)).toEqual(one);
});

it('a storm of one tenant does not hold up the first page of another', async () => {
  const running = await harness.start({ batchRecords: 50 });
  const storm = Array.from({ length: 3000 }, (_, n) => alertRecord(alert(`s${n}`, ofTenant('loud'))));
  await harness.bus.publish(storm);
  await harness.bus.publish([alertRecord(alert('checkout', ofTenant('quiet')))]);
  const all = await until(
    () => revisions(harness.bus),
    (found) => found.some(({ scope: { tenant } }) => tenant === 'quiet'),
  );
  expect(all.find(({ scope: { tenant } }) => tenant === 'quiet')?.alertCount).toBe(1);
  const both = await until(
    () => revisions(harness.bus),
    (found) => found.some(({ scope: { tenant } }) => tenant === 'loud'),
  );
  expect(new Set(both.map(({ id }) => id)).size).toBe(2);
  await running.stop();
});

/** Sums of the ledger over all writers. */
async function counted(field: 'recorded' | 'inIncidents' | 'duplicates' | 'suppressed'): Promise<number> {
  const totals = new Map<string, number>();
  for await (const { key, value } of harness.bus.read({ topic: 'ledger', partition: 0, from: 0n })) {
    const decoded = value === null ? null : codecs.ledgerTotals.decode(value);
    if (decoded?.ok === true) totals.set(key, decoded.value.totals[field]);
  }
  return [...totals.values()].reduce((sum, count) => sum + count, 0);
}

const change = {
  id: 'c',
  scope: { tenant: 't', environment: '' },
  source: 'ci',
  kind: 'config',
  entities: { service: 'checkout' },
  summary: 'new flag',
  actor: 'ann',
  startedAtMs: startMs - 60_000,
  endedAtMs: null,
  version: '',
  previousVersion: '',
  url: '',
  receivedAtMs: startMs,
  raw: '',
} as const;

it('a change without an environment is known to alerts of any', async () => {
  const running = await harness.start();
  const record = { topic: 'changes' as const, key: 't/', headers: { source: 'ci', items: '1' } };
  await harness.bus.publish([{ ...record, value: codecs.change.encode(change) }]);
  await harness.bus.publish([alertRecord(alert('checkout'))]);
  const all = await until(
    () => revisions(harness.bus),
    (found) => (last(found)?.changes ?? []).length > 0,
  );
  expect(last(all)?.changes.map(({ id }) => id)).toEqual(['c']);
  await running.stop();
});

it('records of an older release, under other keys and copied to every partition, go to their tenant and count once', async () => {
  const running = await harness.start();
  const copies = [0, 1].map((partition) => ({
    topic: 'changes' as const,
    key: 't/',
    value: codecs.change.encode(change),
    partition,
    headers: { source: 'ci', items: partition === 0 ? '1' : '0' },
  }));
  const old = [0, 1].map((partition) => ({
    ...alertRecord(alert('checkout', { fingerprint: `f${partition}` })),
    key: 't/prod',
    partition,
  }));
  await harness.bus.publish([...copies, ...old]);
  const all = await until(
    () => {
      harness.nowMs += 1_000;
      return revisions(harness.bus);
    },
    (found) => last(found)?.alertCount === 2 && last(found)?.changes.length === 1,
  );
  expect(new Set(all.map(({ id }) => id)).size).toBe(1);
  expect(await counted('recorded')).toBe(1);
  expect(await counted('inIncidents')).toBe(2);
  expect(await counted('duplicates')).toBe(0);
  await running.stop();
});

it('an end that names no environment ends the alert that named one', async () => {
  const running = await harness.start();
  const firing = alert('checkout', { source: 'pagerduty' });
  await harness.bus.publish([alertRecord(firing)]);
  await until(
    () => revisions(harness.bus),
    (found) => found.length > 0,
  );
  const over = { ...firing, status: 'resolved', endsAtMs: startMs + 1 } as const;
  await harness.bus.publish([alertRecord({ ...over, scope: { ...scope, environment: '' } })]);
  await until(
    () => {
      harness.nowMs += 1_000;
      return revisions(harness.bus);
    },
    (found) => last(found)?.firingCount === 0,
  );
  await running.stop();
});

it('a command is done once, and the revision says so', async () => {
  const running = await harness.start();
  await harness.bus.publish([alertRecord(alert('checkout'))]);
  const [first] = await until(
    () => revisions(harness.bus),
    (all) => all.length > 0,
  );
  const command = codecs.command.encode({
    id: 'k',
    scope,
    incidentId: first?.id ?? '',
    expectedRevision: 1,
    actor: 'ann',
    atMs: startMs,
    action: { kind: 'acknowledge' },
  });
  const record = {
    topic: 'commands' as const,
    key: correlationKey(scope),
    value: command,
    headers: { source: 'query' },
  };
  await harness.bus.publish([record, record]);
  const all = await until(
    () => revisions(harness.bus),
    (found) => last(found)?.status === 'acknowledged',
  );
  expect(last(all)).toMatchObject({ revision: 2, commands: [{ id: 'k', result: 'done', reason: '' }] });
  await running.stop();
});

it('a record whose scope is none is put aside, and what follows is taken', async () => {
  const running = await harness.start();
  // Sound Avro, but its state could never be found again.
  const bad = alertRecord(alert('checkout', { scope: { tenant: 'a/b', environment: 'c' } }));
  await harness.bus.publish([
    { ...bad, partition: harness.bus.partitionOf('alerts', correlationKey(scope)) },
    alertRecord(alert('cart')),
  ]);
  const all = await until(
    () => revisions(harness.bus),
    (found) => found.length > 0,
  );
  expect(all.map(({ scope: { tenant } }) => tenant)).toEqual(['t']);
  await running.stop();
});

it('a damaged record of the state is put aside: its alerts are paged anew, and the others of its scope are known still', async () => {
  const before = await harness.start();
  const far = { startsAtMs: startMs - 7_000_000 };
  await harness.bus.publish([alertRecord(alert('cart', far)), alertRecord(alert('checkout'))]);
  const known = await until(
    () => revisions(harness.bus),
    (found) => new Set(found.map(({ id }) => id)).size === 2,
  );
  await before.stop();
  const lost = known.find(({ title }) => title.includes('checkout'))?.id ?? '';
  const partition = harness.bus.partitionOf('state', correlationKey(scope));
  await harness.bus.publish([
    {
      topic: 'state',
      partition,
      key: stateKey(correlationKey(scope), `incident/${lost}`),
      value: Buffer.from('{"id":'),
    },
  ]);
  const after = await harness.start();
  await harness.bus.publish([alertRecord(alert('cart', far)), alertRecord(alert('checkout'))]);
  const all = await until(
    () => revisions(harness.bus),
    (found) => found.length > known.length,
  );
  expect(last(all)).toMatchObject({ id: lost, revision: 1, alertCount: 1 });
  const letters = await lettersOf(harness);
  expect(letters.map(({ code }) => code)).toEqual(letters.map(() => 'CORRELATOR_STATE_UNREADABLE'));
  expect(letters.map(({ reason }) => reason.slice(0, 9))).toContain('incident/');
  await after.stop();
  const again = await harness.start();
  await again.stop();
  expect(await lettersOf(harness)).toEqual(letters);
});

it('a dead letter is shown to its own tenant only', async () => {
  const running = await harness.start();
  const broken = { ...alertRecord(alert('checkout')), value: new Uint8Array([1]) };
  await harness.bus.publish([{ ...broken, key: 'acme/prod' }]);
  await until(
    () => lettersOf(harness),
    (letters) => letters.length === 1,
  );
  for await (const { headers } of harness.bus.read({ topic: 'dead-letters', partition: 0, from: 0n }))
    expect(headers).toEqual({ source: 'alertmanager', tenant: 'acme' });
  await running.stop();
});

async function lettersOf(own: Harness): Promise<readonly DeadLetter[]> {
  const letters: DeadLetter[] = [];
  for await (const { value } of own.bus.read({ topic: 'dead-letters', partition: 0, from: 0n })) {
    const decoded = value === null ? null : codecs.deadLetter.decode(value);
    if (decoded?.ok === true) letters.push(decoded.value);
  }
  return letters;
}

it('an alert that the core fails on twice is put aside and paged raw, and what follows is taken', async () => {
  const { planEvidence } = harness.ranker;
  const poisonMs = startMs - 777;
  harness.ranker = {
    ...harness.ranker,
    planEvidence: (times) => {
      if (times.startedAtMs === poisonMs) throw new Error('a bug');
      return planEvidence(times);
    },
  };
  const running = await harness.start();
  await harness.bus.publish([alertRecord(alert('poison', { startsAtMs: poisonMs })), alertRecord(alert('cart'))]);
  const all = await until(
    () => revisions(harness.bus),
    (found) => found.length >= 2,
  );
  expect(all.map(({ title }) => title)).toEqual([
    'HighLatency (not correlated: the correlator could not take this alert)',
    'HighLatency on cart',
  ]);
  const [letters] = await harness.bus.offsets('dead-letters');
  expect(letters?.next).toBe(1n);
  await running.stop();
});

describe('a service whose last telemetry is two minutes old, while others go on', () => {
  const seen = (service: string, lastSpanMs: number) => ({ ...nobody, service, instance: `${service}-1`, lastSpanMs });
  const nobody = { node: '', zone: '', lastMetricMs: 0, lastLogMs: 0 };
  const presence = [seen('checkout', startMs), seen('cart', startMs), seen('db', startMs - 121_000)];

  async function firstPage(): Promise<Incident> {
    harness.answer = async ({ slices }) => ({
      ...emptyEvidenceRows,
      slices,
      watermarks: { spans: startMs, logs: 0, metrics: 0 },
      presence,
    });
    const running = await harness.start();
    await harness.bus.publish([alertRecord(alert('checkout'))]);
    await until(
      () => taken(harness),
      (count) => count === 1n,
    );
    harness.nowMs = startMs + 1600;
    const [page] = await until(
      () => revisions(harness.bus),
      (all) => all.length > 0,
    );
    await running.stop();
    if (page === undefined) throw new Error('no page');
    return page;
  }
  const silent = ({ hypotheses }: Incident) =>
    hypotheses
      .filter(({ evidence }) => evidence.some(({ kind }) => kind === 'telemetry-gap'))
      .map(({ cause }) => cause.service);

  it('is silent where all that arrived is recorded', async () => {
    expect(silent(await firstPage())).toEqual(['db']);
  });

  it('is not silent while its telemetry waits for the recorder, and evidence is read again soon', async () => {
    harness.nowMs = startMs - 120_000;
    await harness.bus.publish([{ topic: 'spans', key: 'x', value: new Uint8Array([1]), partition: 0 }]);
    harness.nowMs = startMs;
    const page = await firstPage();
    expect(silent(page)).toEqual([]);
    expect(page.evidenceRetry).toEqual({ sinceMs: startMs, withinMs: 1000 });
  });
});

it('evidence is settled only when the traces of the first query are, and names what is not recorded yet', async () => {
  harness.answer = async () => emptyEvidenceRows;
  await harness.bus.publish([{ topic: 'spans', key: 'x', value: new Uint8Array([1]), partition: 0 }]);
  const running = await harness.start();
  await harness.bus.publish([alertRecord(alert('checkout'))]);
  await until(
    () => taken(harness),
    (count) => count === 1n,
  );
  harness.nowMs = startMs + 1600;
  const [first] = await until(
    () => revisions(harness.bus),
    (all) => all.length > 0,
  );
  expect(first?.evidenceState).toBe('provisional');
  expect(first?.missingEvidence).toContain('spans: 1 batch sent, not recorded yet');
  await running.stop();
});
