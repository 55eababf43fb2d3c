import { expect, it } from 'vitest';
import { historyOf } from './state/incident.ts';
import { incidentOf, played } from './testing/played.ts';
import type { Player } from './testing/player.ts';
import { stubResult } from './testing/stub-ranker.ts';

const eventsOf = (player: Player) =>
  historyOf(player.state, incidentOf(player).id).timeline.map(({ event }) => event.kind);

it('the first result of a query wins', () => {
  const player = played('0s alert cart Slow');
  const query = player.query(incidentOf(player).id);
  if (query === undefined) throw new Error('no query');
  const answer = (cause: string) =>
    player.give({
      kind: 'answer',
      answer: stubResult(query, { disturbed: [], edges: [], cause, settled: true, missing: [] }),
    });
  answer('db');
  answer('web');
  expect(player.state.evidence.get(incidentOf(player).id)?.ranking.hypotheses[0]?.cause.service).toBe('db');
  expect(incidentOf(player).rounds).toBe(1);
});

it('a pinned cause stays: the timeline is silent about what the ranking thinks', () => {
  const lines = ['0s alert cart Slow', '0.2s answer settled cause=db'];
  const later = ['20s alert cart Errors', '35.1s answer settled cause=web'];
  expect(eventsOf(played(...lines, ...later))).toEqual(['blame-changed', 'blame-changed']);
  expect(eventsOf(played(...lines, '1s pin #1 db pool', ...later))).toEqual(['blame-changed', 'pinned']);
});

it('an unreachable store takes no storm apart', () => {
  const storm = ['0s alert cart Slow', '0s alert mail Slow', '0.1s declare cart->db smtp->mail'];
  expect(played(...storm, '0.2s answer missing=store:_unreachable').state.incidents.size).toBe(1);
  expect(played(...storm, '0.2s answer settled disturbed=cart,mail').state.incidents.size).toBe(2);
});

it('signals that recovered do not end an incident while an alert fires', () => {
  expect(incidentOf(played('0s alert cart Slow', '0.2s answer settled')).status).toBe('open');
});

it('what evidence takes into another incident is not judged any further', () => {
  const player = played(
    '0s alert cart Slow',
    '0.2s answer settled disturbed=cart edges=cart->db,report->stats cause=db',
    '70s alert report Late',
    '70.2s answer #2 settled disturbed=report edges=cart->db,report->stats cause=db',
  );
  expect([...player.state.incidents.keys()]).toEqual([incidentOf(player).id]);
  expect(player.state.queries.size).toBe(0);
});
