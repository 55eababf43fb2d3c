import { describe, expect, it } from 'vitest';
import { compareRows } from '../testing/evidence.ts';
import { edge, type Rows, underLoad, withRates } from '../testing/fixture.ts';
import { callRates, growthOf, sentRates, surgesOf } from './rates.ts';

const comparison = (rows: Rows) => compareRows(rows, underLoad(rows));
const rate = (before: number, during: number) => ({
  before: { calls: before, perSecond: before / 60 },
  during: { calls: during, perSecond: during / 60 },
});

describe('callRates', () => {
  it('are calls per second of each window, without the long first slice', () => {
    const rates = callRates(comparison({ operations: withRates('api', [60, 300]) }));
    expect(rates.get('api')).toEqual(rate(60, 300));
  });

  it('leave slices without calls out of the time, since history may have holes', () => {
    const { answer } = underLoad({ operations: withRates('api', [60, 120]) });
    const empty = { fromMs: 660_000, toMs: 720_000 };
    const found = compareRows({}, { answer: answer && { ...answer, slices: [...answer.slices, empty] } });
    expect(callRates(found).get('api')?.during).toEqual({ calls: 120, perSecond: 2 });
  });

  it('count what a service serves, and not what it sends', () => {
    const sent = withRates('api', [60, 60], 'client').concat(withRates('api', [60, 60], 'producer'));
    expect(callRates(comparison({ operations: sent })).size).toBe(0);
    const consumed = withRates('api', [60, 300], 'consumer');
    expect(callRates(comparison({ operations: consumed })).get('api')?.during.calls).toBe(300);
  });

  it('take the calls of its callers where a service sends no spans, and only there', () => {
    const edges = edge({ from: 'web', to: 'db', silent: true }).map((row) => ({ ...row, slice: row.slice + 1 }));
    const rates = callRates(comparison({ edges }));
    expect(rates.get('db')?.before.calls).toBe(500);
    const own = callRates(comparison({ edges, operations: withRates('db', [60, 300]) }));
    expect(own.get('db')).toEqual(rate(60, 300));
  });
});

it('sentRates count messages, and not requests', () => {
  const operations = [...withRates('api', [60, 60]), ...withRates('feed', [60, 300], 'producer')];
  expect([...sentRates(comparison({ operations }))]).toEqual([['feed', rate(60, 300)]]);
});

it('growthOf needs calls in both windows', () => {
  expect([growthOf(rate(60, 180)), growthOf(rate(0, 180)), growthOf(rate(60, 0))]).toEqual([3, null, null]);
});

describe('surgesOf', () => {
  const surges = (rows: Rows) => surgesOf(comparison(rows)).map(({ service, beyond }) => [service, beyond]);

  it('are entries with more than twice the traffic, and tell how far beyond twice it is', () => {
    expect(surges({ operations: withRates('web', [60, 360]) })).toEqual([['web', 2]]);
    expect(surges({ operations: withRates('web', [60, 119]) })).toEqual([]);
  });

  it('are none where a service is called by another, which may call more often by fault', () => {
    const edges = edge({ from: 'web', to: 'api' });
    expect(surges({ operations: withRates('api', [60, 360]), edges })).toEqual([]);
  });

  it('need enough calls before', () => {
    expect(surges({ operations: withRates('web', [49, 500]) })).toEqual([]);
  });
});
