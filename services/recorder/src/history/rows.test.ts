import { codecs, recordTypeHeader, recordTypes } from '@faultline/model';
import { newDrift } from '@faultline/model/testing';
import { expect, it } from 'vitest';
import { historyBatches } from './rows.ts';

const record = (value: Uint8Array, offset: bigint) => ({
  topic: 'changes' as const,
  partition: 0,
  offset,
  timestampMs: 0,
  value,
  headers: { [recordTypeHeader]: recordTypes.drift },
});

it('a drift is a row for each value that it took, and its end is one more version', () => {
  const drifts = [newDrift(), newDrift({ endedAtMs: 1_790_000_060_000, observedAtMs: 1_790_000_060_000 })];
  const records = drifts.map((drift, index) => record(codecs.drift.encode(drift), BigInt(index)));
  const { batches, unreadable } = historyBatches(records);
  expect(unreadable).toEqual([]);
  expect(batches).toMatchObject([
    {
      table: 'drift',
      rows: [
        {
          Id: 'd1',
          ObjectKind: 'Deployment',
          Name: 'pay',
          Path: 'spec.replicas',
          Value: '5',
          Expected: '3',
          EndedAt: null,
        },
        { Id: 'd1', Since: 1_789_913_600_000, EndedAt: 1_790_000_060_000 },
      ],
    },
  ]);
});

it('a drift that cannot be decoded is unreadable', () => {
  const { batches, unreadable } = historyBatches([record(new Uint8Array([1]), 0n)]);
  expect(batches).toEqual([]);
  expect(unreadable).toHaveLength(1);
});
