import { describe, expect, it } from 'vitest';
import { compareRows } from '../testing/evidence.ts';
import { edge, incident, onsetMs, operation, type Rows, series, startedAtMs } from '../testing/fixture.ts';
import { compare } from './compare.ts';

const slow = operation({ service: 'web', self: [10, 300] });

describe('without evidence', () => {
  const found = compare(incident('web', null, { declaredEdges: [{ from: 'web', to: 'api' }] }));

  it('the graph is the declared one, and everything that is measured is empty', () => {
    expect(found.services).toEqual(['api', 'web']);
    expect([found.operations, found.edges, found.patterns, found.shifts, found.instances]).toEqual([
      [],
      [],
      [],
      [],
      [],
    ]);
  });

  it('nobody knows how new the data is', () => {
    expect(found.watermarks).toBeNull();
  });

  it('no onset is seen, and it is taken to be before the alert', () => {
    expect(found.onset.isSeen).toBe(false);
    expect(found.onset.atMs).toBeLessThan(startedAtMs);
  });
});

describe('at a known onset', () => {
  it('the slices before it are the baseline, and those since are the incident', () => {
    const found = compareRows({ operations: slow });
    expect(found.windows).toEqual(['baseline', 'incident']);
    expect(found.atAlert).toEqual([false, false]);
    expect(found.onsetOf('anything')).toBe(onsetMs);
  });

  it('every part is made from the same rows', () => {
    const rows: Rows = {
      operations: slow,
      edges: edge({ from: 'web', to: 'db', silent: true, errors: [0, 80] }),
      series: [series('db', 'cpu', [1, 3])],
    };
    const found = compareRows(rows);
    expect([...found.traced]).toEqual(['web']);
    expect([...found.waiting]).toEqual(['web']);
    expect(found.shifts.map(({ shift }) => shift.row.service)).toEqual(['db']);
    expect(found.attribution.self.get('web')?.addedUs).toBeGreaterThan(0);
  });
});

it('a comparison does not depend on the order of the rows', () => {
  const rows: Rows = {
    operations: [...slow, ...operation({ service: 'api', self: [5, 5] })],
    edges: [...edge({ from: 'web', to: 'api' }), ...edge({ from: 'web', to: 'db', silent: true })],
  };
  const turned: Rows = { operations: rows.operations?.toReversed() ?? [], edges: rows.edges?.toReversed() ?? [] };
  const keys = ({ operations, edges }: ReturnType<typeof compareRows>) => [
    operations.map(({ service, before, during }) => [service, before, during]),
    edges.map(({ callee, before, during }) => [callee, before, during]),
  ];
  expect(keys(compareRows(turned))).toEqual(keys(compareRows(rows)));
});
