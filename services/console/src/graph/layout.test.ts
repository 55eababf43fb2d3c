import { expect, it } from 'vitest';
import { aGraph } from '../testing/incident.ts';
import { placeBoxes } from './geometry.ts';
import { layoutGraph } from './layout.ts';

const layersOf = (calls: readonly string[], roles = {}) =>
  Object.fromEntries(layoutGraph(aGraph(calls, roles)).places.map(({ node, layer }) => [node.service, layer]));

it('harm reads in one direction: every callee is before its caller', () => {
  expect(layersOf(['web>checkout', 'checkout>orders', 'orders>db'])).toEqual({ db: 0, orders: 1, checkout: 2, web: 3 });
});

it('a bystander stands next to its caller, not among the deep ones', () => {
  expect(layersOf(['web>checkout', 'checkout>orders', 'orders>db', 'web>search'])).toMatchObject({ search: 2 });
});

it('a cause stays deep', () => {
  const calls = ['web>checkout', 'checkout>orders', 'orders>db', 'web>auth'];
  expect(layersOf(calls, { auth: 'cause' })).toMatchObject({ auth: 0 });
});

it('a circle of calls does not hang it, and each service is placed once', () => {
  const layers = layersOf(['a>b', 'b>c', 'c>a', 'd>a', 'a>a']);
  expect(Object.keys(layers).sort()).toEqual(['a', 'b', 'c', 'd']);
});

it('the order of what comes in does not matter', () => {
  const calls = ['web>a', 'web>b', 'a>x', 'b>y', 'a>y'];
  expect(layoutGraph(aGraph(calls.toReversed()))).toEqual(layoutGraph(aGraph(calls)));
});

it('neighbours stand side by side, so that lines do not cross', () => {
  const { places } = layoutGraph(aGraph(['web>a', 'web>b', 'a>z', 'b>y']));
  const slotOf = (id: string) => places.find(({ node }) => node.service === id)?.slot ?? -1;
  expect(slotOf('a') < slotOf('b')).toBe(slotOf('z') < slotOf('y'));
});

it('a wide graph keeps causes and symptoms, and says how many it leaves out', () => {
  const calls = Array.from({ length: 60 }, (_, index) => `web>service-${index}`);
  const layout = layoutGraph(aGraph(calls, { web: 'symptom', 'service-59': 'cause' }));
  expect(layout.places).toHaveLength(24);
  expect(layout.hidden).toBe(37);
  expect(layout.places.map(({ node }) => node.service)).toEqual(expect.arrayContaining(['web', 'service-59']));
});

it('on a phone only what is not healthy is drawn', () => {
  const graph = aGraph(['web>db', 'web>search'], { web: 'symptom', db: 'cause' });
  expect(layoutGraph(graph, { withHealthy: false }).places.map(({ node }) => node.service)).toEqual(['db', 'web']);
});

it.each(['right', 'up'] as const)('no two boxes overlap going %s, and all are inside the picture', (direction) => {
  const calls = ['web>a', 'web>b', 'web>c', 'a>x', 'b>x', 'c>y'];
  const { boxes, width, height, boxWidth, boxHeight } = placeBoxes(layoutGraph(aGraph(calls)), direction);
  const all = [...boxes.values()];
  for (const a of all) {
    expect(a.x >= 0 && a.y >= 0 && a.x + boxWidth <= width && a.y + boxHeight <= height).toBe(true);
    for (const b of all)
      if (a !== b) expect(Math.abs(a.x - b.x) >= boxWidth || Math.abs(a.y - b.y) >= boxHeight).toBe(true);
  }
});

it('edges that name services rather than nodes are drawn all the same', () => {
  const { nodes, edges } = aGraph(['web>db']);
  const named = edges.map((edge) => ({ ...edge, from: 'web', to: 'db' }));
  expect(layoutGraph({ nodes, edges: named })).toEqual(layoutGraph({ nodes, edges }));
});
