import { expect, it } from 'vitest';
import { alertOf, effectsOf, incidentOf, played, stepOf } from '../testing/played.ts';
import { membersOf } from './members.ts';

const player = () => played('0s alert cart Slow', '0.2s answer settled cause=cart', '9s');

it('a record that was touched often is saved once, with its last value, in the order of keys', () => {
  const known = player();
  const step = stepOf(known);
  const incident = incidentOf(known);
  step.touch('topology', 'config', 'topology');
  step.touchIncident(incident);
  incident.rounds = 77;
  const saves = step.saves().flatMap((save) => (save.kind === 'save' ? [save] : []));
  expect(saves.map(({ key }) => key)).toEqual(['config', `incident/${incident.id}`, 'topology']);
  expect(saves[1]?.value).toContain('"rounds":77');
});

it('a record that is gone is saved as null', () => {
  const step = stepOf(player());
  step.touch('alert/nobody');
  expect(step.saves()).toEqual([{ kind: 'save', key: 'alert/nobody', value: null }]);
});

it('once a change must be published now, a later one does not delay it', () => {
  const known = player();
  const step = stepOf(known);
  step.markChanged(incidentOf(known), { now: true });
  step.markChanged(incidentOf(known), { now: false });
  expect(step.changed.get(incidentOf(known).id)).toBe(true);
});

it('the gathering of changes counts from the first one', () => {
  const known = player();
  const incident = incidentOf(known);
  stepOf(known).markChanged(incident, { now: false });
  const sinceMs = incident.dirtySinceMs;
  known.atMs += 100;
  stepOf(known).markChanged(incident, { now: false });
  expect(incident.dirtySinceMs).toBe(sinceMs);
});

it('an alert is a member of one incident at most', () => {
  const known = player();
  const alert = alertOf(known, 'Slow/cart');
  stepOf(known).moveAlert(alert, 'other');
  expect(membersOf(known.state, incidentOf(known).id).keys.size).toBe(0);
  expect([...membersOf(known.state, 'other').keys]).toEqual([alert.key]);
  stepOf(known).moveAlert(alert, null);
  expect([membersOf(known.state, 'other').keys.size, alert.incidentId]).toEqual([0, null]);
});

it('a changed alert is counted by its new values alone', () => {
  const known = player();
  const members = membersOf(known.state, incidentOf(known).id);
  stepOf(known).changeAlert(alertOf(known, 'Slow/cart'), { status: 'resolved', endsAtMs: 5, severity: 'info' });
  expect([members.firing, members.worstSeverity, members.events.get('resolved')?.size]).toEqual([0, 'info', 1]);
});

it('keys that are due are taken by their kind, and none is lost', () => {
  const known = player();
  known.state.timers.set('alert/b', known.atMs);
  known.state.timers.set('alert/a', known.atMs);
  known.state.timers.set('incident/i', known.atMs);
  const step = stepOf(known);
  expect(step.takeDue('alert/')).toEqual(['a', 'b']);
  expect(step.takeDue('incident/')).toContain('i');
});

it('what was due and is not over gets its timer back', () => {
  const known = played('0s alert cart Slow');
  const dueMs = known.state.timers.next() ?? 0;
  known.atMs = dueMs;
  const step = stepOf(known);
  expect(step.takeDue('incident/')).toEqual([incidentOf(known).id]);
  expect(known.state.timers.next()).not.toBe(dueMs);
  step.planTimers();
  expect(known.state.timers.next()).toBe(dueMs);
});

it('each counted record is one effect', () => {
  const step = stepOf(player());
  step.count('am', 'alerts', 'duplicates');
  expect(effectsOf(step, 'count')).toEqual([
    { kind: 'count', source: 'am', signal: 'alerts', field: 'duplicates', by: 1 },
  ]);
});
