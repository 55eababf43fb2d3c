import { expect, it } from 'vitest';
import { edgeKey, keyOf } from './call-edge.ts';

it('keys keep names apart, so that `ab` with `c` is not `a` with `bc`', () => {
  expect(keyOf('ab', 'c')).not.toBe(keyOf('a', 'bc'));
  expect(keyOf('a', 'b', 'c')).not.toBe(keyOf('a', 'b c'));
});

it('an edge has a direction', () => {
  expect(edgeKey({ caller: 'web', callee: 'api' })).not.toBe(edgeKey({ caller: 'api', callee: 'web' }));
});
