import { expect, it } from 'vitest';
import { topologyOf } from './topology.ts';

const edge = (caller: string, callee: string) => ({ caller, callee });

it('the graph of an answer is that of the whole system, also when its rows are those of a part', () => {
  expect(topologyOf({ edges: [edge('b', 'c'), edge('a', 'b'), edge('b', 'c'), edge('', '')] })).toEqual([
    ['a', 'b'],
    ['b', 'c'],
  ]);
  expect(
    topologyOf({
      edges: [edge('a', 'b')],
      topology: [
        ['x', 'y'],
        ['a', 'b'],
      ],
    }),
  ).toEqual([
    ['a', 'b'],
    ['x', 'y'],
  ]);
});
