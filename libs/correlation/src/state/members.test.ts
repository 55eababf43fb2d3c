import { expect, it } from 'vitest';
import { alertOf, incidentOf, newAlert, played } from '../testing/played.ts';
import { addMember, Members, membersOf, moveMember, removeMember } from './members.ts';

const alertOn = (service: string, over: Parameters<typeof newAlert>[1] = {}) =>
  newAlert({ service }, { key: `am/${service}`, ...over });
const membersWith = (...alerts: readonly ReturnType<typeof alertOn>[]) => {
  const members = new Members();
  for (const alert of alerts) members.add(alert);
  return members;
};

it('members come by their start, ties by key, in whatever order they joined', () => {
  const members = membersWith(
    alertOn('c', { startsAtMs: 2 }),
    alertOn('b', { startsAtMs: 1 }),
    alertOn('a', { startsAtMs: 2 }),
  );
  expect(members.all().map(({ key }) => key)).toEqual(['am/b', 'am/a', 'am/c']);
  expect(members.first(1).map(({ key }) => key)).toEqual(['am/b']);
});

it('adding and removing name the entities and traits that appear and disappear', () => {
  const members = new Members();
  const [one, two] = [alertOn('db', { key: 'one' }), alertOn('db', { key: 'two' })];
  expect(members.add(one)).toEqual(['service:db', 'shared-rule:New']);
  expect(members.add(two)).toEqual([]);
  expect(members.remove(one)).toEqual([]);
  expect(members.remove(two)).toEqual(['service:db', 'shared-rule:New']);
});

it('its services are those that members name now', () => {
  const web = alertOn('web');
  const members = membersWith(web, alertOn('db'), newAlert({ node: 'n1' }, { key: 'node' }));
  expect(members.services).toEqual(['db', 'web']);
  members.remove(web);
  expect(members.services).toEqual(['db']);
  members.add(alertOn('cart'));
  expect(members.services).toEqual(['cart', 'db']);
});

it.each([
  ['without an end, an alert only fires', { endsAtMs: null }, ['fires']],
  ['it fires, and is resolved', { status: 'resolved', endsAtMs: 9 }, ['fires', 'resolved']],
  ['it fires, and expires', { status: 'expired', endsAtMs: 9 }, ['fires', 'expired']],
] as const)('%s', (_what, over, verbs) => {
  expect([...membersWith(alertOn('db', over)).events.keys()]).toEqual(verbs);
});

it('removing a member takes its events and counts away', () => {
  const alert = alertOn('db', { status: 'resolved', endsAtMs: 9, severity: 'critical' });
  const members = membersWith(alert, alertOn('web', { severity: 'warning' }));
  members.remove(alert);
  expect(members.events.get('resolved')?.size).toBe(0);
  expect([members.firing, members.keys.size, members.worstSeverity]).toEqual([1, 1, 'warning']);
});

it('the index of incidents follows its members', () => {
  const { state } = played();
  const alert = alertOn('db');
  addMember(state, 'i', alert);
  expect([...state.index.byEntity.get('service:db')]).toEqual(['i']);
  removeMember(state, 'i', alert);
  expect([...state.index.byEntity.get('service:db')]).toEqual([]);
  expect(membersOf(state, 'i').keys.size).toBe(0);
});

it('an alert is a member of one incident at most', () => {
  const known = played('0s alert cart Slow', '0.2s answer settled cause=cart', '9s');
  const alert = alertOf(known, 'Slow/cart');
  moveMember(known.state, alert, 'other');
  expect(membersOf(known.state, incidentOf(known).id).keys.size).toBe(0);
  expect([...membersOf(known.state, 'other').keys]).toEqual([alert.key]);
  moveMember(known.state, alert, null);
  expect([membersOf(known.state, 'other').keys.size, alert.incidentId]).toEqual([0, null]);
});

it('the services that a graph knows follow the members', () => {
  const members = new Members();
  const graph = new Set(['cart', 'db']);
  const [cart, other, db] = ['cart', 'other', 'db'].map((service) => newAlert({ service }, { key: `am/${service}` }));
  if (cart === undefined || other === undefined || db === undefined) throw new Error('three alerts');
  members.add(db);
  expect(members.servicesIn(graph)).toEqual(['db']);
  members.add(other);
  members.add(cart);
  expect([members.servicesIn(graph), members.services]).toEqual([
    ['cart', 'db'],
    ['cart', 'db', 'other'],
  ]);
  members.remove(cart);
  expect(members.servicesIn(graph)).toEqual(['db']);
  expect(members.servicesIn(new Set(['other']))).toEqual(['other']);
});
