import { expect, it } from 'vitest';
import { knownGraph } from '../grouping/graph.ts';
import { played, stepOf } from '../testing/played.ts';
import type { Player } from '../testing/player.ts';
import { stubResult } from '../testing/stub-ranker.ts';
import { topologyOf, updateTopology } from './topology.ts';

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

/** Takes a result with these calls. Returns the keys of the records that it writes. */
function update(player: Player, edges: readonly (readonly [string, string])[]) {
  const [query] = player.state.queries.values();
  if (query === undefined) throw new Error('no query');
  const step = stepOf(player);
  updateTopology(step, stubResult(query, { disturbed: [], cause: '', settled: true, missing: [], edges }));
  return step.saves().map((save) => (save.kind === 'save' ? save.key : ''));
}

it('a result without calls leaves the known ones: a silent store is no empty system', () => {
  const player = played('0s alert a Slow');
  expect(update(player, [['a', 'b']])).toEqual(['topology']);
  expect(update(player, [])).toEqual([]);
  expect(player.state.topologies.get('')?.edges).toEqual([['a', 'b']]);
});

it('the same calls again write nothing, in whatever order they come', () => {
  const player = played('0s alert a Slow');
  update(player, [
    ['a', 'b'],
    ['b', 'c'],
  ]);
  const again = update(player, [
    ['b', 'c'],
    ['a', 'b'],
  ]);
  expect(again).toEqual([]);
});

it('new calls replace the old ones, and the graph follows', () => {
  const player = played('0s alert a Slow');
  update(player, [['a', 'b']]);
  expect([...knownGraph(player.state).services]).toEqual(['a', 'b']);
  update(player, [['c', 'd']]);
  expect([...knownGraph(player.state).services]).toEqual(['c', 'd']);
});

it('a huge graph is cut, so that its record stays bounded', () => {
  const player = played('0s alert a Slow');
  const edges = Array.from({ length: 5001 }, (_, n) => ['a', `s${n}`] as const);
  update(player, edges);
  expect(player.state.topologies.get('')?.edges).toHaveLength(5000);
});
