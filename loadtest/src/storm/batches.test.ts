import { expect, it } from 'vitest';
import { alertsPerRequest, probeAlert, quantile, stormBatch } from './batches.ts';

it('makes each alert once, and no two alike', () => {
  const total = 1000;
  const batches = Array.from({ length: Math.ceil(total / alertsPerRequest) }, (_, index) =>
    stormBatch(index, total, 0),
  );
  const alerts = batches.flat();
  expect(alerts).toHaveLength(total);
  expect(new Set(alerts.map(({ labels }) => JSON.stringify(labels))).size).toBe(total);
  expect(batches.at(-1)).toHaveLength(total % alertsPerRequest);
  expect(stormBatch(batches.length, total, 0)).toEqual([]);
});

it('probes are about services that the storm does not name', () => {
  const named = stormBatch(0, 64, 0).map(({ labels }) => labels['service']);
  expect(named).not.toContain(probeAlert(0, 0).labels['service']);
});

it.each([
  [[], 0.5, 0],
  [[3, 1, 2], 0.5, 2],
  [[1, 2, 3, 4], 0.99, 4],
])('the quantile of %j at %d is %d', (values, share, expected) => {
  expect(quantile(values, share)).toBe(expected);
});
