import { type LedgerTotals, ledgerFields } from '@faultline/model';
import { expect, it } from 'vitest';
import { Arrivals, rateWindowMs } from './arrivals.ts';
import { ledgerKey } from './ledger-key.ts';

const none = Object.fromEntries(ledgerFields.map((field) => [field, 0])) as LedgerTotals['totals'];
const totals = (accepted: number, source = 'grafana'): LedgerTotals => ({
  writer: 'w',
  source,
  signal: 'alerts',
  totals: { ...none, accepted },
});
const key = ledgerKey('grafana', 'alerts');

it('a total of unknown age is heard of, and is no rate', () => {
  const arrivals = new Arrivals();
  arrivals.add(totals(1000), undefined, 5000);
  expect(arrivals.of(key, 6000)).toEqual({ lastHeardMs: 5000, perMinute: 0 });
});

it('what totals grow by in the window is the rate, and it ends', () => {
  const arrivals = new Arrivals();
  arrivals.add(totals(10), undefined, 0);
  for (let step = 1; step <= 60; step++) arrivals.add(totals(10 + step), totals(9 + step), step * 5000);
  expect(arrivals.of(key, 300_000)).toEqual({ lastHeardMs: 300_000, perMinute: 11.8 });
  expect(arrivals.of(key, 299_999 + rateWindowMs)).toMatchObject({ lastHeardMs: 300_000, perMinute: 0.2 });
  expect(arrivals.of(key, 300_000 + rateWindowMs).perMinute).toBe(0);
});

it('a writer that only counts what became of items is not the source', () => {
  const arrivals = new Arrivals();
  arrivals.add({ ...totals(0), totals: { ...none, duplicates: 3 } }, totals(0), 1);
  expect(arrivals.of(key, 2)).toEqual({ lastHeardMs: null, perMinute: 0 });
  arrivals.add(totals(1, 'other'), totals(0, 'other'), 1);
  expect(arrivals.of(key, 2).lastHeardMs).toBeNull();
});
