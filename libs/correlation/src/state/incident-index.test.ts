import { expect, it } from 'vitest';
import { incidentOf, newEvidence, played } from '../testing/played.ts';
import { IncidentIndex } from './incident-index.ts';
import type { IncidentState } from './state.ts';

const incident = (id: string, detectedAtMs: number, status: IncidentState['status'] = 'open'): IncidentState => ({
  ...incidentOf(played('0s alert cart Slow')),
  id,
  detectedAtMs,
  status,
});

it('an entity leads to all incidents that name it, until the last member leaves', () => {
  const index = new IncidentIndex();
  index.entityAppears('i', 'service:db');
  index.entityAppears('j', 'service:db');
  index.entityGone('i', 'service:db');
  expect([...index.byEntity.get('service:db')]).toEqual(['j']);
  index.entityGone('j', 'service:db');
  expect([...index.byEntity.keys()]).toEqual([]);
});

it('a kind of entity that is no reason to join is not kept', () => {
  const index = new IncidentIndex();
  index.entityAppears('i', 'environment:prod');
  expect([...index.byEntity.keys()]).toEqual([]);
});

it('incidents are recent from a time on, in the order of detection', () => {
  const index = new IncidentIndex();
  const all = [incident('i', 1), incident('j', 2), incident('k', 3)];
  for (const each of all) index.incidentAdded(each);
  expect([...index.recent(2)].map(({ id }) => id)).toEqual(['j', 'k']);
  // What was too old once was dropped.
  expect([...index.recent(0)].map(({ id }) => id)).toEqual(['j', 'k']);
  index.resetRecent(all);
  expect([...index.recent(0)].map(({ id }) => id)).toEqual(['i', 'j', 'k']);
});

it('a resolved incident is not open, and may be again', () => {
  const index = new IncidentIndex();
  index.incidentAdded(incident('i', 1));
  index.statusChanged(incident('i', 1, 'resolved'));
  expect(index.hasOpen).toBe(false);
  index.statusChanged(incident('i', 1, 'acknowledged'));
  expect([...index.openIds()]).toEqual(['i']);
});

it('only a suspected change leads to an incident', () => {
  const index = new IncidentIndex();
  const evidence = newEvidence({ suspects: ['c'] });
  const [change] = evidence.ranking.changes;
  if (change === undefined) throw new Error('no change');
  const possible = { ...change, id: 'd', verdict: 'possible' } as const;
  index.evidenceChanged('i', undefined, { ...evidence, ranking: { ...evidence.ranking, changes: [change, possible] } });
  expect([...index.bySuspect.keys()]).toEqual(['c']);
});

it('the first cause leads to an incident also while the ranking is inconclusive: grouping decides', () => {
  const index = new IncidentIndex();
  index.evidenceChanged('i', undefined, newEvidence({ cause: 'db', verdict: 'inconclusive' }));
  expect([...index.byCause.get('db')]).toEqual(['i']);
});

it('an incident has one failure domain at most, and none after it is gone', () => {
  const index = new IncidentIndex();
  index.setFailureDomain('i', 'zone:a');
  index.setFailureDomain('i', 'zone:b');
  expect([...index.byFailureDomain.keys()]).toEqual(['zone:b']);
  index.incidentGone('i');
  expect([...index.byFailureDomain.keys()]).toEqual([]);
});
