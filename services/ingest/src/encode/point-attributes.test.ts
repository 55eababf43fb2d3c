import type { MetricPoint } from '@faultline/model';
import { expect, it } from 'vitest';
import { EncodedItems } from './encoded-items.ts';
import { pointItems } from './kinds.ts';
import { pointAttributeBytes } from './point-attributes.ts';

function point(changes: Partial<MetricPoint>): MetricPoint {
  return {
    ...{ resource: 0, metric: 'cpu', unit: '1', kind: 'gauge', timeNs: 1n, startNs: 0n, attributes: {}, value: 1 },
    ...{ count: 0n, sum: 0, monotonic: false, temporality: 'unspecified', bounds: [], bucketCounts: [], detail: '' },
    ...changes,
  } as MetricPoint;
}

function bytesOf(changes: Partial<MetricPoint>): string {
  const items = new EncodedItems(pointItems);
  items.add(point({ metric: 'other' }));
  items.add(point(changes));
  return pointAttributeBytes(items, 1);
}

it('depends on the attributes and on nothing else', () => {
  const attributes = { pod: 'pay-1', namespace: 'é'.repeat(100) };
  const bytes = bytesOf({ attributes });
  expect(bytesOf({ attributes, metric: 'm'.repeat(300), timeNs: 1_772_366_400_000_000_000n, value: 2 })).toBe(bytes);
  expect(bytesOf({ attributes: { ...attributes, pod: 'pay-2' } })).not.toBe(bytes);
  expect(bytesOf({})).toBe('\u0000');
});
