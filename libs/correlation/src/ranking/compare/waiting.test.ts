import { describe, expect, it } from 'vitest';
import { compareRows } from '../testing/evidence.ts';
import { edge, type OperationSpec, operation, type Rows } from '../testing/fixture.ts';
import { timesOut, waitingServices } from './waiting.ts';

const waiting = (rows: Rows) => {
  const { operations, edges } = compareRows(rows);
  return [...waitingServices(operations, edges)];
};
const api = (spec: Omit<OperationSpec, 'service'>) => operation({ service: 'api', ...spec });

describe('a service times out', () => {
  const timed = (spec: Omit<OperationSpec, 'service'>) =>
    compareRows({ operations: api(spec) }).operations.map(timesOut);

  it('when its failures take several times as long as its answers', () => {
    expect(timed({ self: [10, 900], errors: [0, 60] })).toEqual([true]);
  });

  it.each<[string, Omit<OperationSpec, 'service'>]>([
    ['it fails fast, which is its own fault', { self: [10, 10], errors: [0, 60] }],
    ['it is slow and answers', { self: [10, 900] }],
    ['it takes three times as long, but of next to nothing', { self: [1, 20], errors: [0, 60] }],
    ['it waits longer, but not several times as long', { self: [100, 250], errors: [0, 60] }],
  ])('not when %s', (_, spec) => {
    expect(timed(spec)).toEqual([false]);
  });

  it('only by what it serves: a client span waits by its nature', () => {
    const operations = api({ self: [10, 900], errors: [0, 60] }).map((row) => ({ ...row, kind: 'client' as const }));
    expect(compareRows({ operations }).operations.map(timesOut)).toEqual([false]);
  });
});

describe('a service waits', () => {
  it('when it times out', () => {
    expect(waiting({ operations: api({ self: [10, 900], errors: [0, 60] }) })).toEqual(['api']);
  });

  it('when its calls fail: the caller, and not the callee', () => {
    expect(waiting({ edges: edge({ from: 'web', to: 'api', errors: [0, 60] }) })).toEqual(['web']);
  });

  it('when its client spans fail, also where no edge shows whom it calls', () => {
    const failing = api({ self: [10, 10], errors: [0, 60] });
    expect(waiting({ operations: failing.map((row) => ({ ...row, kind: 'client' as const })) })).toEqual(['api']);
    expect(waiting({ operations: failing })).toEqual([]);
  });
});
