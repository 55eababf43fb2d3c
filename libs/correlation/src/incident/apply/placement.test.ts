import { expect, it } from 'vitest';
import { historyOf } from '../../state/incident.ts';
import { incidentOf, newAlert, played, stepOf } from '../../testing/played.ts';
import { applyPlacement } from './placement.ts';

it('without an incident the alert opens one', () => {
  const player = played();
  const alert = newAlert({ service: 'cart' });
  applyPlacement(stepOf(player), alert, { kind: 'open', flood: null });
  expect([player.state.incidents.size, alert.reason, alert.provisional]).toEqual([1, { kind: 'opened' }, false]);
});

it.each([
  ['nearness in time is provisional', { kind: 'storm-awaiting-graph' }, true],
  ['a firm reason is not', { kind: 'same-node', node: 'n1' }, false],
] as const)('%s', (_what, reason, provisional) => {
  const player = played('0s alert cart Slow');
  const alert = newAlert({ service: 'db' });
  applyPlacement(stepOf(player), alert, { kind: 'join', incident: incidentOf(player), reason });
  expect([alert.incidentId, alert.provisional]).toEqual([incidentOf(player).id, provisional]);
});

it('joining a resolved incident reopens it for that reason', () => {
  const player = played('0s alert cart Slow', '0.2s answer settled cause=cart', '1s resolve #1');
  const incident = incidentOf(player);
  const reason = { kind: 'recent-cause', service: 'cart' } as const;
  applyPlacement(stepOf(player), newAlert({ database: 'cart' }), { kind: 'join', incident, reason });
  expect(incident.status).toBe('open');
  expect(historyOf(player.state, incident.id).timeline.at(-1)?.event).toEqual({ kind: 'reopened', reason });
});
