import { expect, it } from 'vitest';
import { setEvidence } from '../state/incident.ts';
import { incidentOf, newEvidence, played, stepOf } from '../testing/played.ts';
import { stubHypothesis } from '../testing/stub-ranker.ts';
import { buildIncident } from './build.ts';

const build = (...lines: readonly string[]) => {
  const player = played(...lines);
  return buildIncident(stepOf(player), incidentOf(player));
};
const pending = { part: 'evidence', code: 'pending', detail: '' };

it('before its first evidence a page says that it is pending', () => {
  expect(build('0s alert cart Slow')).toMatchObject({ verdict: 'inconclusive', missing: [pending], hypotheses: [] });
});

it('what is known to be missing takes the place of that', () => {
  const { missing, missingEvidence } = build('0s alert cart Slow', '1s answer missing=store:_unreachable');
  expect(missing.map(({ part }) => part)).toEqual(['store']);
  expect(missingEvidence).toEqual(['store: unreachable']);
});

it('the same missing part is named once, though the store and the ranking say it', () => {
  const player = played('0s alert cart Slow', '0.2s answer settled cause=cart');
  const incident = incidentOf(player);
  const evidence = newEvidence({ cause: 'cart' });
  const missing = [{ part: 'logs', code: 'none', detail: '' }] as const;
  setEvidence(player.state, incident.id, {
    ...evidence,
    missing,
    ranking: { ...evidence.ranking, missingEvidence: missing },
  });
  expect(buildIncident(stepOf(player), incident).missing).toEqual(missing);
});

it('a pinned cause is identified, whatever the ranking says', () => {
  const page = build('0s alert cart Slow', '0.2s answer settled', '1s pin #1 cache pool');
  expect([page.verdict, page.hypotheses[0]?.cause]).toEqual([
    'identified',
    { service: 'cache', instance: '', kind: 'pool' },
  ]);
});

it('an inconclusive ranking names no owner of a cause, only of what alerts', () => {
  const player = played('0s alert cart Slow team=shop', '0.2s answer settled');
  const incident = incidentOf(player);
  setEvidence(player.state, incident.id, newEvidence({ cause: 'db', verdict: 'inconclusive' }));
  expect(buildIncident(stepOf(player), incident).owners.map(({ why }) => why)).toEqual([
    'label team of Slow on cart, which alerts',
  ]);
});

it('all members are counted, and the first hundred listed', () => {
  const page = build(...Array.from({ length: 105 }, (_, n) => `0s alert s${n} Slow start=-${n}ms`));
  expect([page.alertCount, page.firingCount, page.alerts.length]).toEqual([105, 105, 100]);
  expect(page.alerts[0]?.entity).toBe('service:s104');
});

it('a merged incident without members keeps its last severity', () => {
  const player = played(
    '0s declare cart->db mail->smtp',
    '0s alert cart Slow severity=warning',
    '0.1s alert smtp Down severity=warning',
    '0.2s answer #1 settled cause=cart',
    '0.3s answer #2 settled cause=smtp',
    '1s merge #1 #2',
  );
  expect(buildIncident(stepOf(player), incidentOf(player, '#2'))).toMatchObject({ alertCount: 0, severity: 'warning' });
});

it('an incident is never similar to itself', () => {
  const player = played('0s alert cart Slow', '0.2s answer settled cause=cart');
  const incident = incidentOf(player);
  const row = {
    incidentId: 'other',
    causeService: 'cart',
    causeKind: stubHypothesis('cart').cause.kind,
    alertNames: ['Slow'],
    services: [],
    startedAtMs: 0,
    resolvedAtMs: 60_000,
    resolution: 'restarted',
  };
  const past = [row, { ...row, incidentId: incident.id }];
  setEvidence(player.state, incident.id, { ...newEvidence({ cause: 'cart' }), past });
  expect(buildIncident(stepOf(player), incident).similar.map(({ incidentId }) => incidentId)).toEqual(['other']);
});
