import type { Change } from '@faultline/model';
import { describe, expect, it } from 'vitest';
import { compareRows } from '../../testing/evidence.ts';
import { deploy, type OperationSpec, onsetMs, operation, presence } from '../../testing/fixture.ts';
import { contrastClusters } from './clusters.ts';

type Spec = Omit<OperationSpec, 'service'>;

const change: Change = { ...deploy('api', onsetMs - 20_000), entities: { service: 'api', cluster: 'east' } };

/** The contrast of a change in `east`, with `api` in these clusters. */
function contrast(clusters: Readonly<Record<string, Spec>>, more: Partial<{ change: Change; version: string }> = {}) {
  const names = Object.keys(clusters);
  const operations = Object.entries(clusters).flatMap(([cluster, spec]) =>
    operation({ service: 'api', ...spec }).map((row) => ({
      ...row,
      instance: `api-${cluster}`,
      version: more.version ?? row.version,
    })),
  );
  const placed = names.map((cluster) => ({ ...presence('api', 779_000), instance: `api-${cluster}`, cluster }));
  return contrastClusters(compareRows({ operations, presence: placed }), more.change ?? change, 'api');
}
const slow: Spec = { self: [10, 100] };
const calm: Spec = { self: [20, 20] };

describe('the control of a change in one cluster', () => {
  it('is all other clusters together, sorted', () => {
    expect(contrast({ east: slow, west: calm, north: calm })).toMatchObject({
      verdict: 'guilty',
      here: 'east',
      others: ['north', 'west'],
    });
  });

  it('compares each cluster with its own past: a slow one that was always slow is healthy', () => {
    expect(contrast({ east: slow, west: { self: [200, 200] } })?.control).toBe('others-are-healthy');
  });

  it.each([
    ['here, in the incident', { self: [10, 100], calls: [500, 19] }, calm],
    ['here, in the baseline', { self: [10, 100], calls: [19, 100] }, calm],
    ['there', slow, { self: [20, 20], calls: [500, 19] }],
  ] as const)('needs enough calls: %s', (_, east, west) => {
    expect(contrast({ east, west })).toBeNull();
  });

  it('clears the change where one operation suffers in both, whatever another shows', () => {
    const mixed = (self: Spec['self']) => operation({ service: 'api', operation: 'another', self });
    const placed = ['east', 'west'].map((cluster) => ({
      ...presence('api', 779_000),
      instance: `api-${cluster}`,
      cluster,
    }));
    const at = (cluster: string, rows: ReturnType<typeof operation>) =>
      rows.map((row) => ({ ...row, instance: `api-${cluster}` }));
    const operations = [
      ...at('east', operation({ service: 'api', ...slow })),
      ...at('west', operation({ service: 'api', ...calm })),
      ...at('east', mixed([10, 100])),
      ...at('west', mixed([20, 200])),
    ];
    const found = contrastClusters(compareRows({ operations, presence: placed }), change, 'api');
    expect(found?.control).toBe('others-suffer-too');
  });

  it('does not compare releases that the change does not name', () => {
    const nameless = { ...change, version: '' };
    expect(contrast({ east: slow, west: calm }, { change: nameless, version: '' })?.control).toBe('others-are-healthy');
  });

  it('is none where the service runs in the cluster of the change only', () => {
    expect(contrast({ east: slow })).toBeNull();
  });
});
