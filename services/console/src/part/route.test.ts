import { expect, it } from 'vitest';
import { routeOf } from './route.ts';

it.each([
  ['/', { page: 'list' }],
  ['/incidents/a%2Fb', { page: 'incident', id: 'a/b' }],
  ['/incidents/a/', { page: 'incident', id: 'a' }],
  ['/incidents/%', { page: 'none' }],
  ['/incidents', { page: 'none' }],
  ['/foo', { page: 'none' }],
])('%s is %j', (path, route) => {
  expect(routeOf(path)).toEqual(route);
});

it.each([
  ['/sources', { page: 'sources' }],
  ['/sources/', { page: 'sources' }],
  ['/mapping', { page: 'mapping', source: '' }],
  ['/mapping/github', { page: 'mapping', source: 'github' }],
  ['/mapping/a/b', { page: 'none' }],
])('%s is %j', (path, route) => expect(routeOf(path)).toEqual(route));
