import { expect, it } from 'vitest';
import { reasonText } from '../publish/words/reason.ts';
import { createState } from '../state/load.ts';
import type { CallPath } from '../state/state.ts';
import { findPath, knownGraph, relatedServices } from './graph.ts';

const state = createState({ tenant: 't', environment: 'e' });
state.topologies.set('', {
  edges: [
    ['front', 'cart'],
    ['front', 'search'],
    ['cart', 'db'],
    ['orders', 'db'],
    ['web', 'mail'],
  ],
});
const graph = knownGraph(state);
const textOf = (path: CallPath | null) =>
  path === null ? null : reasonText({ kind: 'degraded-path', path }).replace('degraded path ', '');
const open = { maxHops: 3, allowed: () => true };

it.each([
  ['front', 'db', 'front -> cart -> db'],
  ['db', 'front', 'db <- cart <- front'],
  ['orders', 'cart', 'orders -> db <- cart'],
  ['orders', 'front', 'orders -> db <- cart <- front'],
  ['cart', 'search', null],
  ['cart', 'mail', null],
  ['cart', 'nobody', null],
])('from %s to %s: %s', (from, to, path) => expect(textOf(findPath(graph, from, [to], open))).toBe(path));

it('every service between the ends must be allowed', () => {
  const moved = new Set(['front', 'db']);
  const limits = { maxHops: 3, allowed: (service: string) => moved.has(service) };
  expect(findPath(graph, 'front', ['db'], limits)).toBeNull();
});

it('a path longer than the limit does not count', () => {
  expect(findPath(graph, 'front', ['db'], { ...open, maxHops: 1 })).toBeNull();
});

it('a circle of calls ends', () => {
  const ring = createState(state.scope);
  ring.topologies.set('', {
    edges: [
      ['a', 'b'],
      ['b', 'a'],
    ],
  });
  expect(findPath(knownGraph(ring), 'a', ['nobody'], open)).toBeNull();
});

it('only degraded services that are connected with the members are related', () => {
  expect(relatedServices(graph, ['cart'], ['front', 'cart', 'db', 'mail'], 3)).toEqual(['cart', 'db', 'front']);
});
