import { describe, expect, it } from 'vitest';
import { compareRows } from '../testing/evidence.ts';
import { edge, incident, operation, type Rows, series } from '../testing/fixture.ts';
import { degradedServices } from './degraded.ts';
import { isStillDegraded } from './still-degraded.ts';

const degraded = (rows: Rows) => degradedServices(compareRows(rows));

describe('degradedServices', () => {
  it('lists services that are slower or fail, as they or their callers see it', () => {
    const operations = [
      ...operation({ service: 'web', total: [10, 300], self: [5, 5] }),
      ...operation({ service: 'api', self: [5, 5], errors: [0, 40] }),
      ...operation({ service: 'calm', self: [5, 5] }),
    ];
    const edges = edge({ from: 'web', to: 'db', silent: true, total: [5, 300] });
    expect(degraded({ operations, edges })).toEqual(['api', 'db', 'web']);
  });

  it('reads metrics of services without spans only', () => {
    const rows = { series: [series('web', 'latency.average', [0.1, 0.9], 's')] };
    expect(degraded(rows)).toEqual(['web']);
    expect(degraded({ ...rows, operations: operation({ service: 'web', self: [5, 5] }) })).toEqual([]);
  });

  it('does not count a rise by less than a quarter', () => {
    expect(degraded({ operations: operation({ service: 'web', total: [100, 115], self: [5, 5] }) })).toEqual([]);
  });
});

describe('isStillDegraded', () => {
  const slices = [
    { fromMs: 0, toMs: 540_000 },
    { fromMs: 600_000, toMs: 780_000 },
    { fromMs: 780_000, toMs: 900_000 },
  ];
  /** Slow in the first part of the incident, and this slow in the last slice. */
  const rows = (lastMs: number): Rows => {
    const slow = operation({ service: 'web', total: [10, 300], self: [5, 5] });
    const last = operation({ service: 'web', total: [10, lastMs], self: [5, 5] }).slice(1);
    return { operations: [...slow, ...last.map((row) => ({ ...row, slice: 2 }))] };
  };
  const isStill = (given: Rows) => {
    const { answer } = incident('web', given);
    return isStillDegraded(compareRows(given, { nowMs: 900_000, answer: answer && { ...answer, slices } }));
  };

  it('asks the last minute only', () => {
    expect(isStill(rows(300))).toBe(true);
    expect(isStill(rows(10))).toBe(false);
  });

  it('holds while there is no evidence', () => {
    expect(isStillDegraded(compareRows({}, { answer: null }))).toBe(true);
  });
});
