import { expect, it } from 'vitest';
import { setEvidence } from '../state/incident.ts';
import { incidentOf, newEvidence, played } from '../testing/played.ts';
import { stubHypothesis } from '../testing/stub-ranker.ts';
import { focusOf } from './focus.ts';

it('the cause found so far comes first, though no alert names it', () => {
  const player = played('0s alert cart Slow', '0.2s answer settled disturbed=cart edges=cart->db cause=db');
  expect(focusOf(player.state, incidentOf(player)).services).toEqual(['db', 'cart']);
});

it('of many causes the first three stay in focus', () => {
  const player = played('0s alert cart Slow');
  const incident = incidentOf(player);
  const evidence = newEvidence({ cause: 'a' });
  const hypotheses = ['a', 'b', 'c', 'd'].map(stubHypothesis);
  setEvidence(player.state, incident.id, { ...evidence, ranking: { ...evidence.ranking, hypotheses } });
  expect(focusOf(player.state, incident).services).toEqual(['a', 'b', 'c', 'cart']);
});

it('members count by event time, and each name once', () => {
  const player = played(
    '0s alert cart Slow node=n1 pod=p1',
    '0s alert web Slow node=n1 pod=p2 start=-5s',
    '0s alert cart Errors',
    '0s alert - NodeDown node=n2',
  );
  expect(focusOf(player.state, incidentOf(player))).toEqual({
    services: ['web', 'cart'],
    instances: ['p2', 'p1'],
    nodes: ['n1', 'n2'],
    clusters: [],
    namespaces: [],
  });
});

it('a storm names a bounded number of services, the earliest', () => {
  const alerts = Array.from({ length: 120 }, (_, n) => `0s alert s${n} Slow start=${n - 119}ms`);
  const player = played(...alerts);
  const { services } = focusOf(player.state, incidentOf(player));
  expect([services.length, services[0], services.at(-1)]).toEqual([100, 's0', 's99']);
});
