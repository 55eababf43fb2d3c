import type { OperationRow } from '@faultline/model';
import { describe, expect, it } from 'vitest';
import { compareRows } from '../../testing/evidence.ts';
import { type OperationSpec, operation } from '../../testing/fixture.ts';
import { isWorseThan, servingGroups, sumCalls } from './serving.ts';

type Spec = Omit<OperationSpec, 'service'>;

const rows = (version: string, spec: Spec, more: Partial<OperationRow> = {}): OperationRow[] =>
  operation({ service: 'api', ...spec }).map((row) => ({ ...row, version, instance: `api-${version}`, ...more }));
const since = (all: OperationRow[]) => all.filter(({ slice }) => slice === 1);
const sum = (spec: Spec) => sumCalls(since(rows('1', spec)));

describe('isWorseThan', () => {
  const calm = sum({ self: [0, 10], calls: [0, 500] });

  it.each<[string, Spec, boolean]>([
    ['surely and much slower', { self: [0, 20] }, true],
    ['slower by less than a quarter', { self: [0, 11.5], calls: [0, 5000] }, false],
    ['faster', { self: [0, 5] }, false],
    ['failing by itself', { self: [0, 10], ownErrors: [0, 20] }, true],
    ['passing on what others fail', { self: [0, 10], errors: [0, 20] }, false],
    ['failing in less than two of a hundred', { self: [0, 10], calls: [0, 10_000], ownErrors: [0, 190] }, false],
  ])('%s', (_, spec, expected) => {
    expect(isWorseThan(sum(spec), calm)).toBe(expected);
  });

  it('sees that a tenth of the calls became slow', () => {
    const slow = sumCalls([
      ...since(rows('1', { self: [0, 10], calls: [0, 90] })),
      ...since(rows('1', { self: [0, 900], calls: [0, 10] })),
    ]);
    expect(isWorseThan(slow, calm)).toBe(true);
  });
});

it('sumCalls adds the rows up, and keeps buckets in order', () => {
  const found = sumCalls([...rows('1', { self: [20, 10], ownErrors: [1, 2] })]);
  expect(found).toMatchObject({ calls: 600, ownErrors: 3 });
  const buckets = found.self.map(([bucket]) => bucket);
  expect(buckets).toEqual([...buckets].sort((a, b) => a - b));
});

it('servingGroups are what a service serves or consumes, and nothing that it sends', () => {
  const kinds = ['server', 'consumer', 'internal', 'client', 'producer'] as const;
  const operations = kinds.flatMap((kind) => rows('1', { self: [1, 1] }, { kind }));
  const other = operation({ service: 'web', self: [1, 1] });
  const found = servingGroups(compareRows({ operations: [...operations, ...other] }), 'api');
  expect(found.map(({ kind }) => kind).sort()).toEqual(['consumer', 'internal', 'server']);
});
