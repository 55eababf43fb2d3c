import { expect, it } from 'vitest';
import { alertPath, routeOf, workloadPath, workloadPathOf } from './route.ts';

it.each([
  ['/', { page: 'list' }],
  ['/incidents/a%2Fb', { page: 'incident', id: 'a/b' }],
  ['/incidents/a/', { page: 'incident', id: 'a' }],
  ['/incidents/%', { page: 'none' }],
  ['/incidents', { page: 'none' }],
  ['/incidents/', { page: 'none' }],
  ['/workloads', { page: 'workloads' }],
  ['/workloads/', { page: 'workloads' }],
  [
    '/workloads/east/shop/Deployment/pay',
    { page: 'workload', cluster: 'east', namespace: 'shop', kind: 'Deployment', name: 'pay' },
  ],
  ['/workloads/-/shop/Job/a%2Fb', { page: 'workload', cluster: '', namespace: 'shop', kind: 'Job', name: 'a/b' }],
  ['/workloads/east/shop', { page: 'none' }],
  ['/workloads/east//Deployment/pay', { page: 'none' }],
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

it('the path of a workload leads to its page, and a fault of another object has none', () => {
  const names = { cluster: 'a/b', namespace: 'shop', kind: 'Deployment', name: 'pay' };
  expect(routeOf(workloadPath(names))).toEqual({ page: 'workload', ...names });
  expect(workloadPathOf({ kind: 'Deployment', namespace: 'shop', name: 'pay' })).toBe(
    '/workloads/-/shop/Deployment/pay',
  );
  expect([workloadPathOf({ kind: 'Service', namespace: 'shop', name: 'pay' }), workloadPathOf(null)]).toEqual([
    null,
    null,
  ]);
});

it('the path of an alert leads to its page', () => {
  const names = { source: 'grafana', fingerprint: 'a/b c' };
  expect(routeOf(alertPath(names))).toEqual({ page: 'alert', ...names });
  expect(routeOf('/alerts/grafana')).toEqual({ page: 'none' });
});
