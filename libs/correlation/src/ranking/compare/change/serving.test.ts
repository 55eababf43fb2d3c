import type { OperationRow } from '@faultline/model';
import { describe, expect, it } from 'vitest';
import { compareRows } from '../../testing/evidence.ts';
import { type OperationSpec, operation } from '../../testing/fixture.ts';
import { areWorse, servingGroups } from './serving.ts';

type Spec = Omit<OperationSpec, 'service' | 'self' | 'calls'> & { readonly selfMs: number; readonly calls?: number };

/** One row of `api` in the incident window. */
const rows = ({ selfMs, calls = 100, ...spec }: Spec): OperationRow[] =>
  operation({ service: 'api', self: [0, selfMs], calls: [0, calls], ...spec }).slice(1);
const calm = rows({ selfMs: 10, calls: 500 });

describe('areWorse', () => {
  it.each<[string, Spec, boolean]>([
    ['surely and much slower', { selfMs: 20 }, true],
    ['slower by less than a quarter', { selfMs: 11.5, calls: 5000 }, false],
    ['faster', { selfMs: 5 }, false],
    ['failing by itself', { selfMs: 10, ownErrors: [0, 20] }, true],
    ['passing on what others fail', { selfMs: 10, errors: [0, 20] }, false],
    ['failing in less than two of a hundred', { selfMs: 10, calls: 10_000, ownErrors: [0, 190] }, false],
  ])('%s', (_, spec, expected) => {
    expect(areWorse(rows(spec), calm)).toBe(expected);
  });

  it('sees that a tenth of the calls became slow', () => {
    const slow = [...rows({ selfMs: 10, calls: 90 }), ...rows({ selfMs: 900, calls: 10 })];
    expect(areWorse(slow, calm)).toBe(true);
  });

  it('adds rows up before it compares them, in any order', () => {
    const parts = Array.from({ length: 10 }, () => rows({ selfMs: 20, calls: 10 })).flat();
    expect(areWorse(parts, calm)).toBe(true);
    const mixed = [...rows({ selfMs: 900, calls: 10 }), ...rows({ selfMs: 10, calls: 90 })];
    expect(areWorse(mixed, calm)).toBe(true);
  });

  it('cannot tell with fewer than twenty calls on either side', () => {
    const few = rows({ selfMs: 100, calls: 19 });
    expect([areWorse(few, calm), areWorse(rows({ selfMs: 100 }), rows({ selfMs: 10, calls: 19 }))]).toEqual([
      null,
      null,
    ]);
    expect(areWorse(rows({ selfMs: 100, calls: 20 }), calm)).toBe(true);
  });
});

it('servingGroups are what a service serves or consumes, and nothing that it sends', () => {
  const kinds = ['server', 'consumer', 'internal', 'client', 'producer'] as const;
  const operations = kinds.flatMap((kind) => rows({ selfMs: 1 }).map((row) => ({ ...row, kind })));
  const other = operation({ service: 'web', self: [1, 1] });
  const found = servingGroups(compareRows({ operations: [...operations, ...other] }), 'api');
  expect(found.map(({ kind }) => kind).sort()).toEqual(['consumer', 'internal', 'server']);
});
