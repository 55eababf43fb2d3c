import { expect, it } from 'vitest';
import { historyOf } from '../state/incident.ts';
import { membersOf, moveMember } from '../state/members.ts';
import { alertOf, effectsOf, incidentOf, newAlert, played, stepOf } from '../testing/played.ts';
import { joinIncident } from './join.ts';
import { memberChanged, membersLeft } from './members.ts';
import { updateQuiet } from './query.ts';

const answered = '0.2s answer settled disturbed=cart,db edges=cart->db cause=db';
const pair = () => played('0s alert cart Slow', '0s alert db Slow', answered);
const twoIncidents = () => played('0s declare cart->db mail->smtp', '0s alert cart Slow', '0.1s alert smtp Down');
const storm = { kind: 'storm-awaiting-graph' } as const;

it('an alert that moves leaves its open incident in the sight of readers', () => {
  const player = twoIncidents();
  const step = stepOf(player);
  joinIncident(step, alertOf(player, 'Down/smtp'), incidentOf(player), { kind: 'same-cause', cause: 'db' });
  expect(
    effectsOf(step, 'member-change').map(({ incidentId, membership }) => [player.names.name(incidentId), membership]),
  ).toEqual([
    ['#2', 'left'],
    ['#1', 'present'],
  ]);
});

it('a resolved incident keeps its members on record, so nothing is said of those that leave it', () => {
  const player = twoIncidents();
  incidentOf(player, '#2').status = 'resolved';
  const step = stepOf(player);
  joinIncident(step, alertOf(player, 'Down/smtp'), incidentOf(player), { kind: 'same-cause', cause: 'db' });
  expect(effectsOf(step, 'member-change').map(({ membership }) => membership)).toEqual(['present']);
});

it('flaps are counted within one incident', () => {
  const player = twoIncidents();
  const alert = alertOf(player, 'Down/smtp');
  alert.flaps = 2;
  joinIncident(stepOf(player), alert, incidentOf(player, '#2'), storm, true);
  expect([alert.flaps, alert.provisional]).toEqual([2, true]);
  joinIncident(stepOf(player), alert, incidentOf(player), storm);
  expect([alert.flaps, alert.provisional]).toEqual([0, false]);
});

it('the span of an incident grows to both sides', () => {
  const player = pair();
  const incident = incidentOf(player);
  const { startedAtMs, lastStartMs } = incident;
  for (const [key, atMs] of [
    ['early', startedAtMs - 7],
    ['late', lastStartMs + 9],
  ] as const)
    joinIncident(stepOf(player), newAlert({ service: key }, { key, startsAtMs: atMs }), incident, storm);
  expect([incident.startedAtMs, incident.lastStartMs]).toEqual([startedAtMs - 7, lastStartMs + 9]);
});

it('flapping is said once, at the third time, while it fires', () => {
  const flap = ['alert cart Slow resolved', 'alert cart Slow'];
  const lines = Array.from({ length: 10 }, (_, n) => `${n + 1}s ${flap[n % 2]}`);
  const player = played('0s alert cart Slow', '0.2s answer settled cause=cart', ...lines);
  expect(alertOf(player, 'Slow/cart').flaps).toBe(5);
  const { timeline } = historyOf(player.state, incidentOf(player).id);
  expect(timeline.filter(({ event }) => event.kind === 'flapping')).toHaveLength(1);
});

it('a member of a resolved incident is recorded and is no reason for a page', () => {
  const player = played('0s alert cart Slow', '0.2s answer settled cause=cart', '1s resolve #1');
  const step = stepOf(player);
  memberChanged(step, alertOf(player, 'Slow/cart'));
  expect(effectsOf(step, 'member-change')).toHaveLength(1);
  expect(step.changed.size).toBe(0);
});

it('an alert in no incident changes nothing', () => {
  const step = stepOf(pair());
  memberChanged(step, newAlert({ service: 'cart' }));
  expect(step.effects).toEqual([]);
});

it('quiet begins when the last member ends, and ends with the first that fires', () => {
  const player = pair();
  const incident = incidentOf(player);
  const step = stepOf(player);
  const end = (fingerprint: string) =>
    step.changeAlert(alertOf(player, fingerprint), { status: 'resolved', endsAtMs: player.atMs });
  end('Slow/cart');
  updateQuiet(step, incident, membersOf(player.state, incident.id).firing);
  expect(incident.quietSinceMs).toBeNull();
  end('Slow/db');
  updateQuiet(step, incident, membersOf(player.state, incident.id).firing);
  expect(incident.quietSinceMs).toBe(player.atMs);
  expect(incident.nextAskMs).toBe(player.atMs + player.state.config.resolveHoldMs);
  step.changeAlert(alertOf(player, 'Slow/db'), { status: 'firing', endsAtMs: null });
  updateQuiet(step, incident, membersOf(player.state, incident.id).firing);
  expect(incident.quietSinceMs).toBeNull();
});

it('after members left, the span and the opening alert are those of the rest', () => {
  const player = played('0s alert cart Slow start=-60s', '0s alert - Unreachable zone=a', '0s alert db Slow start=-5s');
  const incident = incidentOf(player);
  const step = stepOf(player);
  expect(incident.anchor).toBe('am/Slow/cart');
  moveMember(player.state, alertOf(player, 'Slow/cart'), null);
  moveMember(player.state, alertOf(player, 'Slow/db'), null);
  membersLeft(step, incident);
  expect(incident.startedAtMs).toBe(player.atMs);
  expect(incident.anchor).toBe('am/Unreachable/-');
  // It is about the zone now, so what runs there may join.
  expect([...player.state.index.byFailureDomain.get('zone:a')]).toEqual([incident.id]);
});
