import { expect, it } from 'vitest';
import { createState } from '../state/load.ts';
import { newAlert, newEvidence } from '../testing/played.ts';
import { originMs, scope } from '../testing/player.ts';
import { GrowingGroup } from './group.ts';
import { type Knowledge, knowledgeOf, openingDomainOf } from './reason.ts';

function knowing(edges: readonly (readonly [string, string])[]): Knowledge {
  const state = createState(scope);
  state.topologies.set('', { edges });
  return knowledgeOf(state, originMs);
}

const alertOn = (service: string, over = {}) => newAlert({ service }, { key: `am/${service}`, ...over });
const span = { startedAtMs: originMs, lastStartMs: originMs };
const groupOf = (service: string, evidence = newEvidence({})) => {
  const opening = alertOn(service);
  const group = new GrowingGroup({ opening, evidence, span, pin: null });
  group.add(opening);
  return group;
};

it('a member that was just added may give the next one its reason', () => {
  // far comes first in the list, and only mid connects it with the group.
  const group = groupOf('front');
  const known = knowing([
    ['front', 'mid'],
    ['mid', 'far'],
  ]);
  const { added, rest } = group.addWithReason(known, [alertOn('far'), alertOn('mid')]);
  expect(added.map(({ alert }) => alert.key)).toEqual(['am/mid', 'am/far']);
  expect(rest).toEqual([]);
});

it('what has no reason is returned in its order', () => {
  const known = knowing([['front', 'cart']]);
  const { added, rest } = groupOf('front').addWithReason(known, [alertOn('b'), alertOn('cart'), alertOn('a')]);
  expect(added.map(({ alert }) => alert.key)).toEqual(['am/cart']);
  expect(rest.map(({ key }) => key)).toEqual(['am/b', 'am/a']);
});

it('degraded services become related as the group reaches them', () => {
  const evidence = newEvidence({ degraded: ['front', 'cart', 'mail'] });
  const group = groupOf('front', evidence);
  group.addWithReason(
    knowing([
      ['front', 'cart'],
      ['smtp', 'mail'],
    ]),
    [],
  );
  expect(group.evidence.related).toEqual(['cart', 'front']);
});

it('its span and the number that fire grow with its members', () => {
  const group = groupOf('front');
  group.add(alertOn('a', { startsAtMs: originMs - 5, status: 'resolved' }));
  group.add(alertOn('b', { startsAtMs: originMs + 7 }));
  expect([group.startedAtMs - originMs, group.lastStartMs - originMs, group.firing]).toEqual([-5, 7, 2]);
});

it('a pin against the ranking leaves the group without a cause', () => {
  const options = { opening: undefined, evidence: newEvidence({ cause: 'db' }), span };
  expect(new GrowingGroup({ ...options, pin: null }).cause).toBe('db');
  const pin = { service: 'cache', causeKind: 'pool', actor: 'ann' };
  expect(new GrowingGroup({ ...options, pin }).cause).toBeNull();
});

it('only an opening alert about a zone or cluster makes the group about one', () => {
  const domainOf = (entities: { readonly [kind: string]: string }) =>
    openingDomainOf(new GrowingGroup({ opening: newAlert(entities), evidence: newEvidence({}), span, pin: null }));
  expect(domainOf({ zone: 'a' })).toBe('zone:a');
  expect(domainOf({ zone: 'a', service: 'db' })).toBe('');
});
