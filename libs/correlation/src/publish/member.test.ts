import { expect, it } from 'vitest';
import { newAlert } from '../testing/played.ts';
import { scope } from '../testing/player.ts';
import { incidentAlert, memberOf } from './member.ts';

it('a member is named by its most specific entity, and says why it is here', () => {
  const alert = newAlert({ service: 'db', zone: 'a' }, { reason: { kind: 'same-node', node: 'n1' } });
  const { entity, reason } = incidentAlert(alert);
  expect([entity, reason]).toEqual(['service:db', 'same node n1']);
  expect(incidentAlert(newAlert({})).reason).toBe('');
});

it('on its topic a member keeps all its entities', () => {
  const entities = { service: 'db', zone: 'a' };
  const change = { kind: 'member-change', incidentId: 'i', revision: 3, membership: 'left' } as const;
  expect(memberOf(scope, { ...change, alert: newAlert(entities) })).toMatchObject({
    scope,
    incidentId: 'i',
    revision: 3,
    entities,
    membership: 'left',
  });
});
