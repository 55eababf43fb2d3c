import type { Change, OperationRow } from '@faultline/model';
import { describe, expect, it } from 'vitest';
import { compareRows } from '../../testing/evidence.ts';
import { deploy, onsetMs, operation, presence, type Rows } from '../../testing/fixture.ts';
import { contrastClusters } from './clusters.ts';
import { contrastChange } from './contrast.ts';
import { contrastVersions } from './versions.ts';

describe('versions', () => {
  const change = deploy('api', onsetMs - 20_000);
  const rows = (version: string, self: readonly [number, number], only?: number): OperationRow[] =>
    operation({ service: 'api', self })
      .filter(({ slice }) => only === undefined || slice === only)
      .map((row) => ({ ...row, version, instance: `api-${version}` }));
  const verdict = (...operations: OperationRow[][]): string =>
    contrastVersions(compareRows({ operations: operations.flat() }), change, 'api');

  it('compares new instances with old ones in the same minutes', () => {
    expect(verdict(rows('1.0', [10, 10]), rows('2.0', [0, 100], 1))).toBe('guilty');
    expect(verdict(rows('1.0', [10, 100]), rows('2.0', [0, 100], 1))).toBe('innocent');
    expect(verdict(rows('1.0', [10, 10]), rows('2.0', [0, 10], 1))).toBe('unknown');
  });

  it('does not take before and after for a comparison', () => {
    expect(verdict(rows('1.0', [10, 10], 0), rows('2.0', [0, 100], 1))).toBe('unknown');
  });
});

describe('clusters', () => {
  const change: Change = { ...deploy('api', onsetMs - 20_000), entities: { service: 'api', cluster: 'east' } };
  /** `api` in two clusters, with its self time in each, in both windows. */
  function served(east: readonly [number, number], west: readonly [number, number], version = '1.0'): Rows {
    const there = (cluster: string, self: readonly [number, number]) =>
      operation({ service: 'api', self }).map((row) => ({ ...row, instance: `api-${cluster}`, version }));
    const placed = ['east', 'west'].map((cluster) => ({
      ...presence('api', 779_000),
      instance: `api-${cluster}`,
      cluster,
    }));
    return { operations: [...there('east', east), ...there('west', west)], presence: placed };
  }
  const contrast = (rows: Rows) => contrastChange(compareRows(rows), change, 'api');

  it.each([
    [[10, 100], [20, 20], 'guilty', 'others-are-healthy'],
    [[10, 100], [20, 200], 'innocent', 'others-suffer-too'],
    [[10, 10], [20, 200], 'innocent', 'changed-one-is-healthy'],
  ] as const)('of a change are its control: %j here, %j there', (east, west, verdict, control) => {
    expect(contrast(served(east, west))).toMatchObject({
      verdict,
      clusters: { control, here: 'east', others: ['west'] },
    });
  });

  it('say nothing where none suffers', () => {
    expect(contrast(served([10, 10], [20, 20]))).toEqual({ verdict: 'unknown', service: 'api', clusters: null });
  });

  it('that run the same release and are healthy clear it', () => {
    const inputs = compareRows(served([10, 100], [20, 20], '1.9'));
    expect(contrastClusters(inputs, { ...change, version: '1.9' }, 'api')).toMatchObject({
      verdict: 'innocent',
      control: 'others-run-same-release',
    });
  });

  it('need a change that names its cluster, and instances whose cluster is known', () => {
    const rows = served([10, 100], [20, 20]);
    expect(contrastClusters(compareRows(rows), deploy('api', onsetMs), 'api')).toBeNull();
    expect(contrast({ ...rows, presence: [presence('api', 779_000)] }).verdict).toBe('unknown');
  });
});
