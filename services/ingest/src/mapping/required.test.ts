import { expect, it } from 'vitest';
import { checkRequired } from './required.ts';

const required = { headers: { 'x-event': 'the name of the event' }, fields: { 'app.name': 'the application' } };
const headers = { 'x-event': 'push' };
const reasonOf = (body: unknown, sent: Record<string, string> = headers) => {
  const checked = checkRequired(required, { headers: sent, body });
  return checked.ok ? null : checked.problem.reason;
};

it.each([
  ['a text', { app: { name: 'cart' } }],
  ['a number', { app: { name: 0 } }],
  ['false', { app: { name: false } }],
])('accepts %s', (_what, body) => expect(reasonOf(body)).toBe(null));

it.each([
  ['no field', {}, 'app.name: expected the application, got nothing'],
  ['null', { app: { name: null } }, 'app.name: expected the application, got nothing'],
  ['an empty text', { app: { name: '' } }, 'app.name: expected the application, got an empty text'],
  ['an object', { app: { name: {} } }, 'app.name: expected the application, got an object'],
  ['a parent that is a text', { app: 'x' }, 'app.name: expected the application, got nothing'],
  ['a list', [], 'body: expected an object, got a list'],
  ['null for a body', null, 'body: expected an object, got nothing'],
])('refuses %s', (_what, body, reason) => expect(reasonOf(body)).toBe(reason));

it('names a header that is missing before the fields', () =>
  expect(reasonOf({}, {})).toBe('header x-event: expected the name of the event, got nothing'));

it('looks at no field that objects inherit', () =>
  expect(checkRequired({ fields: { 'constructor.name': 'a name' } }, { headers, body: {} }).ok).toBe(false));
