import { expect, it } from 'vitest';
import { setEvidence } from '../state/incident.ts';
import { alertOf, incidentOf, newAlert, newEvidence, played } from '../testing/played.ts';
import { originMs } from '../testing/player.ts';
import { decidePlacement } from './place.ts';

const apart = '0s declare cart->db mail->smtp';

it('a stronger reason wins over an older incident', () => {
  const player = played(apart, '0s alert cart Slow node=n1', '1s alert mail Slow');
  // It shares the node with the first and its service with the second.
  const alert = newAlert({ service: 'mail', node: 'n1' });
  expect(decidePlacement(player.state, alert, player.atMs)).toMatchObject({
    incident: incidentOf(player, '#2'),
    reason: { kind: 'same-entity' },
  });
});

it('a firm reason to reopen wins over nearness in time', () => {
  const player = played(apart, '0s alert cart Slow', '1s resolve #1', '2s alert smtp Down');
  const placement = decidePlacement(player.state, newAlert({ service: 'cart' }), player.atMs);
  expect(placement).toMatchObject({ incident: incidentOf(player), reason: { kind: 'recent-entity' } });
});

it('an open incident with a firm reason wins over a resolved one', () => {
  const player = played(apart, '0s alert cart Slow', '1s resolve #1', '2s alert smtp Down');
  setEvidence(player.state, incidentOf(player, '#2').id, newEvidence({ cause: 'cart' }));
  const placement = decidePlacement(player.state, newAlert({ service: 'cart' }), player.atMs);
  expect(placement).toMatchObject({ incident: incidentOf(player, '#2'), reason: { kind: 'likely-cause' } });
});

it.each([
  ['the one that was detected first', '2s', '#1'],
  ['also when it was detected later', '-30s', '#2'],
  ['by event time alone', '-90s', '#2'],
  ['and never by its id', '9s', '#1'],
])('nearness in time alone takes the storm that started first: %s', (_what, start, name) => {
  const player = played(apart, '1s alert cart Slow', `2s alert smtp Down start=${start}`);
  // Nothing in the graph tells the new alert from either.
  const alert = newAlert({ service: 'cron' }, { startsAtMs: player.atMs });
  expect(decidePlacement(player.state, alert, player.atMs)).toMatchObject({
    incident: incidentOf(player, name),
    reason: { kind: 'storm-awaiting-graph' },
  });
});

it('nearness in time ends with the storm hold', () => {
  const player = played('0s alert cart Slow');
  const alert = newAlert({ service: 'cron' });
  const { stormHoldMs } = player.state.config;
  expect(decidePlacement(player.state, alert, originMs + stormHoldMs)).toMatchObject({ kind: 'join' });
  expect(decidePlacement(player.state, alert, originMs + stormHoldMs + 1)).toEqual({ kind: 'open', flood: null });
});

it('an alert that fires again goes back to its own resolved incident', () => {
  const player = played('0s alert - Odd', '1s alert - Odd resolved', '2s resolve #1');
  const placement = decidePlacement(player.state, alertOf(player, 'Odd/-'), player.atMs);
  expect(placement).toMatchObject({ incident: incidentOf(player), reason: { kind: 'fires-again' } });
});

it('an alert about a cause that a person pinned joins the incident, although no telemetry shows it', () => {
  const player = played(
    apart,
    '0s alert cart Slow',
    '0.2s answer settled',
    '5m pin #1 legacy-box down',
    '6m alert legacy-box Down',
  );
  expect(alertOf(player, 'Down/legacy-box')).toMatchObject({
    incidentId: incidentOf(player).id,
    reason: { kind: 'likely-cause', service: 'legacy-box' },
  });
  expect(player.restart()).toContain('the same state');
  expect([...player.state.index.byPin.get('legacy-box')]).toEqual([incidentOf(player).id]);
});
