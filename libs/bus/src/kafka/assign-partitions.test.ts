import { expect, test } from 'vitest';
import { assignPartitions, type Claim } from './assign-partitions.ts';

const claim = (member: string, partitions: readonly number[] = [], generation = 1): Claim => ({
  member,
  generation,
  partitions,
});
const assigned = (partitionCount: number, claims: readonly Claim[]) =>
  Object.fromEntries(assignPartitions(partitionCount, claims));

test('a single member gets all partitions; two members get half each', () => {
  expect(assigned(4, [claim('a')])).toEqual({ a: [0, 1, 2, 3] });
  expect(assigned(4, [claim('a'), claim('b')])).toEqual({ a: [0, 1], b: [2, 3] });
});

test('a partition that must move is assigned to nobody until its holder has given it up', () => {
  const first = assigned(4, [claim('a', [0, 1, 2, 3]), claim('b')]);
  expect(first).toEqual({ a: [0, 1], b: [] });
  expect(assigned(4, [claim('a', [0, 1], 2), claim('b', [], 2)])).toEqual({ a: [0, 1], b: [2, 3] });
});

test('the partitions of a member that left go to the others, whose own partitions stay', () => {
  expect(assigned(4, [claim('b', [2, 3]), claim('c', [])])).toEqual({ b: [2, 3], c: [0, 1] });
});

test('when two members claim a partition, the later generation holds it: the other was suspended', () => {
  const claims = [claim('zombie', [0, 1], 3), claim('holder', [0, 1], 5)];
  expect(assigned(2, claims)).toEqual({ holder: [0], zombie: [] });
});

test('more members than partitions leaves some without', () => {
  expect(assigned(1, [claim('a'), claim('b', [0])])).toEqual({ a: [], b: [0] });
});

test('rounds of joining and leaving settle: every partition held once, evenly, in few rounds', () => {
  let members: Claim[] = [];
  for (const names of [['a'], ['a', 'b'], ['a', 'b', 'c'], ['b', 'c'], ['b', 'c', 'd', 'e']]) {
    members = names.map((name) => members.find(({ member }) => member === name) ?? claim(name, [], 0));
    for (let round = 1; round <= 2; round += 1) {
      const next = assignPartitions(7, members);
      members = members.map(({ member, generation }) => claim(member, next.get(member) ?? [], generation + 1));
    }
    expect(members.flatMap(({ partitions }) => partitions).sort()).toEqual([0, 1, 2, 3, 4, 5, 6]);
    const sizes = members.map(({ partitions }) => partitions.length);
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
  }
});
