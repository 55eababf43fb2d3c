import { describe, expect, it } from 'vitest';
import { compareRows } from '../testing/evidence.ts';
import { onsetMs, operation, presence } from '../testing/fixture.ts';
import { isIn, type PlacedInstance, placedInstances } from './failure-domains.ts';

const recentMs = 779_000;
/** An instance of `api` on a node, with its last span. */
const on = (instance: string, node: string, { zone = '', lastSpanMs = recentMs } = {}) => ({
  ...presence('api', lastSpanMs),
  instance,
  node,
  zone,
});
const slow = operation({ service: 'api', self: [10, 300] }).map((row) => ({ ...row, instance: 'api-1' }));

function placed(rows: ReturnType<typeof on>[]): PlacedInstance[] {
  return placedInstances(compareRows({ presence: rows, operations: slow }));
}
const names = (rows: ReturnType<typeof on>[]) => placed(rows).map(({ instance }) => instance);

describe('placed instances', () => {
  it('are known where two nodes or two zones can be told apart', () => {
    expect(names([on('api-1', 'n1'), on('api-2', 'n2')])).toEqual(['api-1', 'api-2']);
    expect(names([on('api-1', '', { zone: 'a' }), on('api-2', '', { zone: 'b' })])).toEqual(['api-1', 'api-2']);
  });

  it.each([
    ['all run on one node', [on('api-1', 'n1'), on('api-2', 'n1')]],
    ['the nodes of the others are not known', [on('api-1', 'n1'), on('api-2', '')]],
  ])('are none where %s', (_, rows) => {
    expect(names(rows)).toEqual([]);
  });

  it('are none without evidence', () => {
    expect(placedInstances({ ...compareRows({ presence: [on('a', 'n1'), on('b', 'n2')] }), watermarks: null })).toEqual(
      [],
    );
  });

  it('leave out rows of a whole service, and instances that ended long before the onset', () => {
    const rows = [on('ended', 'n1', { lastSpanMs: 99_999 }), on('alive', 'n2', { lastSpanMs: 100_000 }), on('', 'n3')];
    const comparison = compareRows({ presence: rows });
    const later = { ...comparison, onset: { ...comparison.onset, atMs: 1_000_000 } };
    expect(placedInstances(later).map(({ instance }) => instance)).toEqual(['alive']);
  });

  it('leave out those that a rollout replaced, and keep one that is missed', () => {
    const old = operation({ service: 'api', self: [5, 5] }).map((row) => ({ ...row, instance: 'old' }));
    const rows = (...left: string[]) => [
      on('old', 'n1', { lastSpanMs: 610_000 }),
      ...left.map((instance) => on(instance, 'n2')),
    ];
    const namesOf = (...left: string[]) =>
      placedInstances(compareRows({ presence: rows(...left), operations: old })).map(({ instance }) => instance);
    expect(namesOf('new')).toEqual(['new']);
    expect(namesOf()).toEqual([]);
    const both = [...old, ...old.map((row) => ({ ...row, instance: 'other' }))];
    const kept = placedInstances(compareRows({ presence: rows('other'), operations: both }));
    expect(kept.map(({ instance, impact }) => `${instance} ${impact}`)).toEqual(['old 1', 'other 0']);
  });

  it('are as unhealthy as their calls are slow', () => {
    const [first, second] = placed([on('api-1', 'n1'), on('api-2', 'n2')]);
    expect(first?.impact).toBeGreaterThan(0.5);
    expect(second?.impact).toBe(0);
  });

  it('that fell silent are as unhealthy as can be', () => {
    const [, second] = placed([on('api-1', 'n1'), on('api-2', 'n2', { lastSpanMs: onsetMs })]);
    expect(second?.impact).toBe(1);
  });
});

it('an instance is in its node and in its zone', () => {
  const instance = { service: 'api', instance: 'api-1', node: 'n1', zone: 'a', impact: 0 };
  expect(['n1', 'a', 'n2'].map((name) => isIn(instance, name))).toEqual([true, true, false]);
});
