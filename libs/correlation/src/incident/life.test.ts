import { expect, it } from 'vitest';
import { historyOf } from '../state/incident.ts';
import { snapshotState } from '../state/load.ts';
import { moveMember } from '../state/members.ts';
import { alertOf, effectsOf, incidentOf, newAlert, played, stepOf } from '../testing/played.ts';
import { forgetIncident, openIncident, reopenIncident, resolveIncident, tombstoneIncident } from './life.ts';

const answered = ['0s alert cart Slow', '0.2s answer settled cause=cart'];
const recovered = { kind: 'recovered' } as const;

it('opening reads evidence at once and holds the page', () => {
  const player = played();
  const step = stepOf(player);
  const alert = newAlert({ service: 'cart' }, { startsAtMs: player.atMs - 5 });
  const incident = openIncident(step, { alert, reason: { kind: 'opened' }, detached: false });
  expect(effectsOf(step, 'query')).toHaveLength(1);
  expect(effectsOf(step, 'publish')).toEqual([]);
  expect(incident).toMatchObject({
    detectedAtMs: player.atMs,
    startedAtMs: player.atMs - 5,
    holdUntilMs: player.atMs + player.state.config.holdBudgetMs,
    regrouped: false,
  });
});

it('what was split off is not regrouped again', () => {
  const options = { alert: newAlert({ service: 'cart' }), reason: { kind: 'split-by', actor: 'ann' } } as const;
  expect(openIncident(stepOf(played()), { ...options, detached: true })).toMatchObject({
    detached: true,
    regrouped: true,
  });
});

it('the same alert opens a second incident under another id', () => {
  const player = played('0s alert cart Slow');
  const alert = alertOf(player, 'Slow/cart');
  const second = openIncident(stepOf(player), { alert, reason: { kind: 'opened' }, detached: true });
  expect(second.id).not.toBe(incidentOf(player).id);
  expect(player.state.incidents.size).toBe(2);
});

it('the id depends on the alert and its start alone, so a replay finds the same one', () => {
  expect(incidentOf(played('0s alert cart Slow')).id).toBe(incidentOf(played('5s alert cart Slow start=0s')).id);
  expect(incidentOf(played('0s alert cart Slow')).id).not.toBe(incidentOf(played('5s alert cart Slow')).id);
});

it('resolving drops the open query and asks for no other', () => {
  const player = played('0s alert cart Slow');
  const incident = incidentOf(player);
  resolveIncident(stepOf(player), incident, recovered);
  expect([player.state.queries.size, incident.questionId, incident.nextAskMs]).toEqual([0, null, null]);
  expect(historyOf(player.state, incident.id)).toMatchObject({
    resolution: recovered,
    timeline: [{ event: { kind: 'resolved', resolution: recovered } }],
  });
});

it('a reopened incident begins its schedule again, without a resolution, and nobody has acknowledged it', () => {
  const player = played(...answered, '1s acknowledge #1', '2s resolve #1', '60s');
  const incident = incidentOf(player);
  const step = stepOf(player);
  reopenIncident(step, incident, { kind: 'reopened-by', actor: 'ann' });
  expect(incident).toMatchObject({
    status: 'open',
    resolvedAtMs: null,
    scheduleFromMs: player.atMs,
    quietSinceMs: null,
  });
  expect(historyOf(player.state, incident.id).resolution).toBeNull();
  expect(effectsOf(step, 'query')).toHaveLength(1);
  expect([...player.state.index.openIds()]).toEqual([incident.id]);
});

it('one that is reopened while nothing fires is quiet from then on', () => {
  const player = played(...answered, '1s alert cart Slow resolved', '2s resolve #1', '60s');
  const incident = incidentOf(player);
  reopenIncident(stepOf(player), incident, { kind: 'reopened-by', actor: 'ann' });
  expect(incident.quietSinceMs).toBe(player.atMs);
});

it('nothing of a tombstoned incident stays, neither in the state nor in the index', () => {
  const ends = ['2.1s alert cart Slow resolved', '2.1s alert cart Errors resolved'];
  const player = played(...answered, '0.3s alert cart Errors', '2s note #1 x', ...ends, '3s resolve #1');
  const incident = incidentOf(player);
  const step = stepOf(player);
  tombstoneIncident(step, incident);
  const keys = snapshotState(player.state).map(({ key }) => key.replace(/\/.*/, ''));
  expect(keys.filter((kind) => !['config', 'topology', 'command'].includes(kind))).toEqual([]);
  expect([...player.state.index.byEntity.keys(), ...player.state.index.byCause.keys()]).toEqual([]);
  expect(effectsOf(step, 'tombstone')).toEqual([{ kind: 'tombstone', incidentId: incident.id }]);
});

it('an alert that still fires outlives its incident, and opens another one under an id of its own', () => {
  const player = played('0s alert cart Slow', '0.2s answer settled cause=cart', '3s resolve #1', '61m');
  expect(player.state.incidents.size).toBe(0);
  expect(alertOf(player, 'Slow/cart')).toMatchObject({ status: 'firing', incidentId: null, reason: null, outlived: 1 });
  const step = stepOf(player);
  const again = openIncident(step, {
    alert: alertOf(player, 'Slow/cart'),
    reason: { kind: 'opened' },
    detached: false,
  });
  expect(again.id).not.toBe(player.names.id('#1'));
});

it('an incident that nobody has seen needs no tombstone on its topic', () => {
  const player = played('0s alert cart Slow');
  const step = stepOf(player);
  tombstoneIncident(step, incidentOf(player));
  expect(effectsOf(step, 'tombstone')).toEqual([]);
  expect(player.state.incidents.size).toBe(0);
});

it('forgetting leaves the alerts, which are elsewhere by then, and publishes nothing', () => {
  const player = played('0s alert cart Slow');
  const incident = incidentOf(player);
  const step = stepOf(player);
  moveMember(player.state, alertOf(player, 'Slow/cart'), null);
  step.markChanged(incident, { now: true });
  forgetIncident(step, incident);
  expect([player.state.incidents.size, player.state.alerts.size, step.changed.size]).toEqual([0, 1, 0]);
  expect(step.saves()).toContainEqual({ kind: 'save', key: `incident/${incident.id}`, value: null });
});
