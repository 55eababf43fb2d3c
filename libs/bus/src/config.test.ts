import { expect, test } from 'vitest';
import { busConfig } from './config.ts';

test('every key has a default', () => {
  expect(busConfig.parse({})).toMatchObject({
    kind: 'embedded',
    folder: 'data/bus',
    partitions: { scope: 4 },
    maxRecordBytes: 1_000_000,
    retentionMs: {},
  });
});

test.each([
  [{ partition: 3 }],
  [{ partitions: { scopes: 3 } }],
  [{ partitions: { scope: 0 } }],
  [{ retentionMs: { span: 3_600_000 } }],
  [{ kind: 'rabbit' }],
])('%o is refused', (section) => {
  expect(busConfig.safeParse(section).success).toBe(false);
});
