/** The parts of a page that are pure functions of members and evidence. */
import type { Hypothesis, PastIncidentRow } from '@faultline/model';
import { expect, it } from 'vitest';
import { decideRecovery } from '../incident/recovery.ts';

import type { AlertState } from '../state/state.ts';
import { membersFrom } from '../testing/members.ts';
import { findOwners, findRunbooks } from './owner.ts';
import { pinHypotheses } from './pin.ts';
import { findSimilar } from './similar.ts';
import { titleOf } from './title.ts';
import { resolutionText } from './words/event.ts';

const member = (service: string, over: Partial<AlertState> = {}) =>
  ({
    name: 'Slow',
    source: 'am',
    labels: {},
    annotations: {},
    entities: { service },
    status: 'firing',
    severity: 'error',
    ...over,
  }) as AlertState;
const hypothesis = (service: string, probability: number) =>
  ({
    rank: 1,
    probability,
    cause: { service, instance: '', kind: 'latency' },
    evidence: [],
    path: [service],
  }) as unknown as Hypothesis;

it('the owner of the cause comes first, and it is said when there is none', () => {
  const members = [member('cart', { labels: { team: 'shop' } })];
  const rule = {
    match: { service: 'db' },
    team: 'data',
    contact: '#data',
    runbookTitle: '',
    runbookUrl: 'https://r/db',
  };
  const input = {
    services: ['db', 'cart'],
    cause: 'db',
    causeKind: '' as const,
    qualified: [],
    members,
    catalogue: [rule],
  };
  expect(findOwners(input).map(({ team, why }) => `${team}: ${why}`)).toEqual([
    'data: owns db, the likely cause',
    'shop: label team of Slow on cart, which alerts',
  ]);
  expect(findOwners({ ...input, catalogue: [] })[0]).toEqual({
    team: 'unowned',
    contact: '',
    why: 'nobody is known to own db',
  });
  expect(findRunbooks(input)).toEqual([{ title: 'Runbook of db', url: 'https://r/db' }]);
});

it('a pinned cause is first, and the others keep their order', () => {
  const pin = { service: 'db', causeKind: 'pool', actor: 'ann' };
  const ranked = pinHypotheses([hypothesis('cart', 0.7), hypothesis('db', 0.2), hypothesis('web', 0.1)], pin);
  expect(ranked.map(({ rank, cause }) => `${rank} ${cause.service} ${cause.kind}`)).toEqual([
    '1 db pool',
    '2 cart latency',
    '3 web latency',
  ]);
  expect(ranked.reduce((sum, { probability }) => sum + probability, 0)).toBeLessThanOrEqual(1);
  expect(pinHypotheses([hypothesis('cart', 0.7)], null)).toHaveLength(1);
});

it('similar incidents: same cause and same alerts first, unlike ones not at all', () => {
  const past = (incidentId: string, causeService: string, alertNames: string[]): PastIncidentRow => ({
    incidentId,
    causeService,
    causeKind: 'latency',
    alertNames,
    resolvedAtMs: 600_000,
    startedAtMs: 0,
    services: [],
    resolution: 'restarted',
  });
  const found = findSimilar(
    ['cause db', 'kind latency', 'alert Slow'],
    [past('a', 'web', ['Other']), past('b', 'db', ['Other']), past('c', 'db', ['Slow'])],
  );
  expect(
    found.map(({ incidentId, similarity, minutesToRecovery }) => [incidentId, similarity, minutesToRecovery]),
  ).toEqual([
    ['c', 1, 10],
    ['b', 0.64, 10],
  ]);
});

it('the title names the cause when it is known, else the first alert', () => {
  const counts = { alerts: 40, services: 12 };
  const ranked = { verdict: 'identified' as const, hypotheses: [hypothesis('db', 0.9)] };
  expect(titleOf(ranked, member('cart'), counts)).toBe('db is slow: 40 alerts on 12 services');
  expect(titleOf({ ...ranked, verdict: 'inconclusive' }, member('cart'), counts)).toBe(
    'Slow on cart: 40 alerts on 12 services',
  );
  expect(titleOf(ranked, member('cart'), { alerts: 1, services: 1 })).toBe('db is slow: Slow on cart');
});

it('severity is that of the worst that fires', () => {
  const both = [member('a', { severity: 'warning' }), member('b', { severity: 'critical', status: 'resolved' })];
  expect(membersFrom(both).worstSeverity).toBe('warning');
  expect(membersFrom([member('b', { severity: 'critical', status: 'resolved' })]).worstSeverity).toBe('critical');
  expect(membersFrom([]).worstSeverity).toBe('info');
});

it.each([
  [{ reachable: true, degraded: false, quietMs: 0 }, /recovered/],
  [{ reachable: true, degraded: true, quietMs: 50 }, null],
  [{ reachable: true, degraded: true, quietMs: 100 }, /not returned/],
  [{ reachable: false, degraded: true, quietMs: 9 }, null],
  [{ reachable: false, degraded: true, quietMs: 10 }, /could not be checked/],
])('over or not: %o', (quiet, why) => {
  const decided = decideRecovery(quiet, { resolveHoldMs: 0, resolveBlindMs: 10, resolveAnywayMs: 100 });
  if (why === null) expect(decided).toBeNull();
  else expect(decided === null ? '' : resolutionText(decided)).toMatch(why);
});
