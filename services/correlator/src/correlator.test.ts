import { codecs, emptyEvidenceRows } from '@faultline/model';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { alert, alertRecord, createHarness, type Harness, revisions, startMs, until } from './testing/harness.ts';

let harness: Harness;
beforeEach(async () => {
  harness = await createHarness();
});
afterEach(() => harness.close());

async function totals(): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  for await (const { value } of harness.bus.read({ topic: 'ledger', partition: 0, from: 0n })) {
    const decoded = value === null ? null : codecs.ledgerTotals.decode(value);
    if (decoded?.ok === true && decoded.value.signal === 'alerts') Object.assign(found, decoded.value.totals);
  }
  return found;
}

it('one alert becomes one incident with evidence, in one revision', async () => {
  const running = await harness.start();
  await harness.bus.publish([alertRecord(alert('checkout'))]);
  const [first] = await until(
    () => revisions(harness.bus),
    (all) => all.length > 0,
  );
  expect(first).toMatchObject({ revision: 1, status: 'open', alertCount: 1, evidenceState: 'settled' });
  expect(harness.queries).toHaveLength(1);
  expect(await totals()).toMatchObject({ inIncidents: 1, duplicates: 0 });
  await running.stop();
});

it('a page leaves while the store fails, and says so', async () => {
  harness.answer = async () => {
    throw new Error('down');
  };
  const running = await harness.start();
  await harness.bus.publish([alertRecord(alert('checkout'))]);
  const [first] = await until(
    () => revisions(harness.bus),
    (all) => all.length > 0,
  );
  expect(first?.evidenceState).toBe('pending');
  expect(first?.missingEvidence).toContain('store: unreachable');
  await running.stop();
});

it('what the store answers a little late is on the page right after', async () => {
  harness.answer = async () => {
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    return emptyEvidenceRows;
  };
  const running = await harness.start({ holdBudgetMs: 1_000 });
  await harness.bus.publish([alertRecord(alert('checkout'))]);
  await until(
    () => harness.queries.length,
    (count) => count === 1,
  );
  // The page's time is over on the core's clock.
  harness.nowMs = startMs + 1_000;
  const [first, second] = await until(
    () => revisions(harness.bus),
    (all) => all.length === 2,
  );
  expect([first?.evidenceState, second?.evidenceState]).toEqual(['pending', 'settled']);
  expect(harness.queries).toHaveLength(1);
  await running.stop();
});

it('a query that was open when the process ended is repeated, and nothing is paged twice', async () => {
  harness.answer = () => new Promise(() => undefined);
  const before = await harness.start();
  await harness.bus.publish([alertRecord(alert('checkout')), alertRecord(alert('checkout'))]);
  await until(
    () => harness.queries.length,
    (count) => count === 1,
  );
  await before.stop();
  harness.answer = async () => emptyEvidenceRows;
  const after = await harness.start();
  const all = await until(
    () => revisions(harness.bus),
    (found) => found.length > 0,
  );
  expect(all.map(({ revision }) => revision)).toEqual([1]);
  expect(harness.queries.map(({ id }) => id)).toEqual([harness.queries[0]?.id, harness.queries[0]?.id]);
  expect(await totals()).toMatchObject({ inIncidents: 1, duplicates: 1 });
  await after.stop();
});

it('ticks follow the clock: evidence is read again on the schedule', async () => {
  const running = await harness.start();
  await harness.bus.publish([alertRecord(alert('checkout'))]);
  await until(
    () => revisions(harness.bus),
    (all) => all.length === 1,
  );
  harness.nowMs = startMs + 5000;
  await until(
    () => harness.queries.length,
    (count) => count === 2,
  );
  await running.stop();
});

it('bytes that are no alert go to dead-letters and are counted, and the next alert is taken', async () => {
  const running = await harness.start();
  const bad = { ...alertRecord(alert('checkout')), value: new Uint8Array([1, 2, 3]) };
  await harness.bus.publish([bad, alertRecord(alert('checkout'))]);
  await until(
    () => revisions(harness.bus),
    (all) => all.length === 1,
  );
  const [letters] = await harness.bus.offsets('dead-letters');
  expect(letters?.next).toBe(1n);
  expect(await totals()).toMatchObject({ inIncidents: 1, deadLettered: 1 });
  await running.stop();
});
