import { expect, it } from 'vitest';
import { incidentOf, newAlert, played } from '../testing/played.ts';
import { isKeptApart, rememberSplit, splitsBetween } from './split.ts';

const on = (service: string, name = 'Slow') => newAlert({ service }, { key: `am/${name}/${service}` });

it('a side holds its alerts, and the subjects that only it has', () => {
  const { sides } = rememberSplit('s', 5, [on('db'), on('web')], [on('web', 'Down'), on('cart')]);
  expect(sides[0]).toEqual({ alerts: ['am/Slow/db', 'am/Slow/web'], entities: ['service:db'] });
  expect(sides[1]).toEqual({ alerts: ['am/Down/web', 'am/Slow/cart'], entities: ['service:cart'] });
});

it('an alert about nothing is remembered by its key alone', () => {
  const { sides } = rememberSplit('s', 5, [newAlert({}, { key: 'am/Bare' })], [on('cart')]);
  expect(sides[0]).toEqual({ alerts: ['am/Bare'], entities: [] });
});

it('a memory is bounded, whatever was split', () => {
  const many = Array.from({ length: 300 }, (_, n) => on('db', `A${n}`));
  expect(rememberSplit('s', 5, many, [on('cart')]).sides[0].alerts).toHaveLength(200);
});

const player = () =>
  played(
    '0s alert cart Slow',
    '0s alert db Slow',
    '0.2s answer settled disturbed=cart,db edges=cart->db cause=db',
    '1s split #1 Slow/db id=s',
  );

it.each([
  ['the alert that was moved, out of the old incident', 'db', 'Slow', '#1', ['s']],
  ['another alert on its subject', 'db', 'Connections', '#1', ['s']],
  ['an alert of the old incident, out of the new one', 'cart', 'Errors', '#2', ['s']],
  ['an alert of the new incident may be in it', 'db', 'Connections', '#2', []],
  ['an alert on something else may join either', 'web', 'Slow', '#1', []],
])('%s', (_what, service, name, incident, splits) => {
  const split = player();
  const alert = on(service, name);
  const { id } = incidentOf(split, incident);
  expect(splitsBetween(split.state, alert, id)).toEqual(splits);
  expect(isKeptApart(split.state, alert, id)).toBe(splits.length > 0);
});

it('an incident without a member of the other side is free to join', () => {
  const split = player();
  expect(isKeptApart(split.state, on('db'), 'an incident without members')).toBe(false);
});
