import type { OperationRow } from '@faultline/model';
import { describe, expect, it } from 'vitest';
import { compareRows } from '../../testing/evidence.ts';
import { deploy, type OperationSpec, onsetMs, operation, startedAtMs } from '../../testing/fixture.ts';
import { contrastVersions, isWorseThan, servingGroups, sumCalls } from './versions.ts';

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

describe('the contrast of versions', () => {
  const change = deploy('api', onsetMs - 20_000);
  const verdict = (operations: OperationRow[], given = change) =>
    contrastVersions(compareRows({ operations }), given, 'api');
  const healthy = rows('1.0', { self: [10, 10] });
  const slow = since(rows('2.0', { self: [0, 100] }));

  it('needs twenty calls on either side', () => {
    const few = since(rows('2.0', { self: [0, 100], calls: [0, 19] }));
    expect(verdict([...healthy, ...few])).toBe('unknown');
    const enough = since(rows('2.0', { self: [0, 100], calls: [0, 20] }));
    expect(verdict([...healthy, ...enough])).toBe('guilty');
  });

  it('takes new instances for the new version where spans name no version', () => {
    const nameless = (all: OperationRow[]) => all.map((row) => ({ ...row, version: '' }));
    expect(verdict(nameless([...healthy, ...slow]))).toBe('guilty');
    expect(verdict([...healthy, ...slow], { ...change, version: '' })).toBe('guilty');
  });

  it('cannot tell instances apart that all served before the change', () => {
    const late = deploy('api', startedAtMs);
    expect(verdict([...healthy, ...slow], { ...late, version: '' })).toBe('unknown');
  });

  it('convicts by one operation, whatever the others show', () => {
    const other = (version: string, spec: Spec) => rows(version, { operation: 'another', ...spec });
    const both = [...other('1.0', { self: [10, 100] }), ...since(other('2.0', { self: [0, 100] }))];
    expect(verdict(both)).toBe('innocent');
    expect(verdict([...both, ...healthy, ...slow])).toBe('guilty');
  });

  it('does not convict by what the service sends', () => {
    const sent = [...healthy, ...slow].map((row) => ({ ...row, kind: 'client' as const }));
    expect(verdict(sent)).toBe('unknown');
  });
});
