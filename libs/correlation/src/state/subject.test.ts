import { expect, it } from 'vitest';
import { subjectOf } from './subject.ts';

it.each([
  ['a service is stronger than all', { service: 'a', workload: 'b', database: 'c', topic: 'd' }, 'a'],
  ['then a workload', { workload: 'b', database: 'c', topic: 'd' }, 'b'],
  ['then a database', { database: 'c', topic: 'd' }, 'c'],
  ['then a topic', { topic: 'd' }, 'd'],
  ['a node takes no calls', { node: 'n1' }, ''],
])('the name in the call graph: %s', (_what, entities, service) => {
  expect(subjectOf(entities).service).toBe(service);
});

it('what takes no calls is called by its own name, which may hold a colon', () => {
  expect(subjectOf({ node: 'host:9100' }).name).toBe('host:9100');
  expect(subjectOf({}).name).toBe('');
});

it.each([
  [{ zone: 'a' }, 'zone:a'],
  [{ cluster: 'c' }, 'cluster:c'],
  [{ node: 'n1', zone: 'a' }, ''],
  [{ service: 'db', zone: 'a', cluster: 'c' }, ''],
])('an alert on %j is about the failure domain "%s"', (entities, domain) => {
  expect(subjectOf(entities).failureDomain).toBe(domain);
});

it('all its entities have an id, the most specific one first', () => {
  const { id, entityIds } = subjectOf({ zone: 'a', service: 'db', pod: 'p' });
  expect(new Set(entityIds)).toEqual(new Set(['zone:a', 'service:db', 'pod:p']));
  expect(entityIds).toContain(id);
});
