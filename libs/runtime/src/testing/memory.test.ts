import { expect, it } from 'vitest';
import { allocations, isLinearMemory } from './memory.ts';

const megabyte = 1024 * 1024;
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 0.5);
/** A list that is copied for each member. */
function copied(count: number): readonly number[] {
  let all: readonly number[] = [];
  for (const each of numbers(count)) all = all.concat(each);
  return all;
}

it('counts what a run allocated, collected or not', async () => {
  const garbage = () => {
    for (let turn = 0; turn < 20; turn++) numbers(100_000);
  };
  const { smallBytes, largeBytes } = await allocations(() => numbers(100_000), garbage);
  expect(smallBytes).toBeGreaterThan(megabyte / 2);
  expect(largeBytes).toBeGreaterThan(10 * smallBytes);
});

it('counts buffers outside the heap', async () => {
  const { largeBytes } = await allocations(
    () => null,
    () => Buffer.alloc(64 * megabyte),
  );
  expect(largeBytes).toBeGreaterThan(63 * megabyte);
});

it('tells linear memory from quadratic memory', async () => {
  const linear = await allocations(
    () => numbers(100_000),
    () => numbers(400_000),
  );
  const quadratic = await allocations(
    () => copied(2_000),
    () => copied(8_000),
  );
  expect([isLinearMemory(linear), isLinearMemory(quadratic)]).toEqual([true, false]);
});

it('a fault of a run ends the measurement', async () => {
  const fail = () => {
    throw new Error('bad body');
  };
  await expect(allocations(() => null, fail)).rejects.toThrow('bad body');
  expect(
    (
      await allocations(
        () => null,
        () => numbers(1_000_000),
      )
    ).largeBytes,
  ).toBeGreaterThan(megabyte);
});
