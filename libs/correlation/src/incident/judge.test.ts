import { expect, it } from 'vitest';
import { alertOf, incidentOf, played, stepOf } from '../testing/played.ts';
import type { Player } from '../testing/player.ts';
import { stubResult } from '../testing/stub-ranker.ts';
import { isReachable } from './completeness.ts';
import { judgeIncident } from './judge.ts';
import { queryEvidence } from './query.ts';

const unreachable = { part: 'store', code: 'unreachable', detail: '' } as const;
const noLogs = { part: 'logs', code: 'timeout', detail: '' } as const;
type Evidence = Partial<Parameters<typeof stubResult>[1]>;

function resultOf(player: Player, over: Evidence) {
  const query = player.query(incidentOf(player).id);
  if (query === undefined) throw new Error('no query');
  return stubResult(query, { disturbed: [], edges: [], cause: '', settled: true, missing: [], ...over });
}

function judge(player: Player, over: Evidence) {
  queryEvidence(stepOf(player), incidentOf(player));
  judgeIncident(stepOf(player), incidentOf(player), resultOf(player, over));
  return player.state.evidence.get(incidentOf(player).id);
}

const answered = [
  '0s alert cart Slow',
  '0.2s answer settled disturbed=cart,mail edges=cart->db,smtp->mail cause=db',
  '1s',
];

it('a store without logs is reachable, one without the store is not', () => {
  const player = played('0s alert cart Slow');
  expect(isReachable(resultOf(player, { missing: [noLogs] }))).toBe(true);
  expect(isReachable(resultOf(player, { missing: [noLogs, unreachable] }))).toBe(false);
});

it('earlier evidence is better than none, and says what is missing now', () => {
  const evidence = judge(played(...answered), { missing: [unreachable] });
  expect(evidence).toMatchObject({ missing: [unreachable], reachable: true });
  expect(evidence?.ranking.hypotheses[0]?.cause.service).toBe('db');
});

it('without any evidence an unreachable store leaves the incident pending', () => {
  const player = played('0s alert cart Slow');
  expect(judge(player, { missing: [unreachable], cause: 'db' })).toMatchObject({
    reachable: false,
    related: [],
    ranking: { verdict: 'inconclusive' },
  });
  expect(incidentOf(player).evidenceState).toBe('pending');
});

it('evidence is provisional until its traces have settled', () => {
  const player = played('0s alert cart Slow');
  judge(player, { settled: false });
  expect(incidentOf(player).evidenceState).toBe('provisional');
  judge(player, { settled: true });
  expect(incidentOf(player).evidenceState).toBe('settled');
});

it('only degraded services that are connected with the members are related', () => {
  const player = played(...answered);
  expect(player.state.evidence.get(incidentOf(player).id)?.related).toEqual(['cart', 'db']);
});

it('signals that recovered do not take the cause away, and no longer count as degraded', () => {
  const player = played(...answered);
  stepOf(player).changeAlert(alertOf(player, 'Slow/cart'), { status: 'resolved', endsAtMs: player.atMs });
  incidentOf(player).quietSinceMs = player.atMs;
  expect(judge(player, {})?.ranking).toMatchObject({
    verdict: 'identified',
    hypotheses: [{ cause: { service: 'db' } }],
    disturbed: false,
  });
});

it('while an alert fires, an inconclusive result takes the cause away', () => {
  expect(judge(played(...answered), {})?.ranking).toMatchObject({ verdict: 'inconclusive', hypotheses: [] });
});

it('another cause found after the end replaces the first one', () => {
  const player = played(...answered);
  incidentOf(player).quietSinceMs = player.atMs;
  expect(judge(player, { cause: 'cache' })?.ranking.hypotheses[0]?.cause.service).toBe('cache');
});

it('an incident that lasts longer than evidence reaches back keeps the cause that was found at its beginning', () => {
  const player = played(...answered);
  queryEvidence(stepOf(player), incidentOf(player));
  const result = resultOf(player, {});
  const later = result.slices.map(({ fromMs, toMs }) => ({ fromMs: fromMs + 86_400_000, toMs: toMs + 86_400_000 }));
  judgeIncident(stepOf(player), incidentOf(player), { ...result, slices: later });
  expect(player.state.evidence.get(incidentOf(player).id)?.ranking).toMatchObject({
    verdict: 'identified',
    hypotheses: [{ cause: { service: 'db' } }],
  });
});
