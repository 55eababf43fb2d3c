import { expect, test } from 'vitest';
import { murmur2, partitionOfKey } from './murmur2.ts';

// From UtilsTest.testMurmur2 of Kafka's Java client.
test.each([
  ['21', -973932308],
  ['foobar', -790332482],
  ['a-little-bit-long-string', -985981536],
  ['a-little-bit-longer-string', -1486304829],
  ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
  ['abc', 479470107],
])('murmur2(%s) equals the Java client', (text, expected) => {
  expect(murmur2(new TextEncoder().encode(text))).toBe(expected);
});

test('bytes inside a larger buffer hash the same', () => {
  const padded = new TextEncoder().encode('xfoobar');
  expect(murmur2(padded.subarray(1))).toBe(-790332482);
});

test('a key goes to a partition in range, by the hash without its sign', () => {
  expect(partitionOfKey('21', 16)).toBe((-973932308 & 0x7fffffff) % 16);
  expect(partitionOfKey('anything', 1)).toBe(0);
});
