import { expect, test } from 'vitest';
import { decideAssignment } from './assignment.ts';

const nobody = [undefined, undefined, undefined, undefined, undefined];

test('partitions are assigned evenly; the first members to join get the remainder', () => {
  expect(decideAssignment(nobody, ['a', 'b'])).toEqual(['a', 'a', 'a', 'b', 'b']);
  expect(decideAssignment(nobody, ['a', 'b', 'c', 'd', 'e', 'f'])).toEqual(['a', 'b', 'c', 'd', 'e']);
  expect(decideAssignment(nobody, [])).toEqual(nobody);
});

test('no partition moves without need', () => {
  expect(decideAssignment(['a', 'a', 'a', 'a', 'a'], ['a', 'b'])).toEqual(['a', 'a', 'a', 'b', 'b']);
  expect(decideAssignment(['a', 'b', 'a', 'b', 'c'], ['a', 'c'])).toEqual(['a', 'a', 'a', 'c', 'c']);
  expect(decideAssignment(['b', 'a', 'b', 'a', 'a'], ['a', 'b'])).toEqual(['b', 'a', 'b', 'a', 'a']);
});
