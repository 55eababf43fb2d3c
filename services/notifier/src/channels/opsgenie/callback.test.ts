import { Secret } from '@faultline/runtime';
import { expect, it } from 'vitest';
import { formatReference } from '../../callbacks/reference.ts';
import { incident } from '../../testing/incident.ts';
import { receiveAlertAction } from './callback.ts';

const alias = formatReference(incident());
const config = { webhookToken: new Secret('token-1') };
const received = (payload: object, token = 'token-1') =>
  receiveAlertAction(config, {
    headers: { 'x-faultline-token': token },
    body: Buffer.from(JSON.stringify(payload)),
    nowMs: 0,
  });
const act = (action: string, alert: object = {}) => ({
  source: { name: '', type: 'web' },
  action,
  alert: { alertId: '052652ac', alias, username: 'fili@example.com', updatedAt: 1420452224764, ...alert },
});

it.each([
  ['Acknowledge', { kind: 'acknowledge' }],
  ['Close', { kind: 'resolve', resolution: 'closed in Opsgenie' }],
])('%s by a person is a command', (action, expected) => {
  expect(received(act(action))).toMatchObject({
    status: 200,
    commands: [{ actor: 'fili@example.com', reference: { incidentId: 'inc1' }, action: expected }],
  });
});

it('a note of a person is a note', () => {
  const { commands } = received(act('AddNote', { note: 'looking at it' }));
  expect(commands[0]?.action).toEqual({ kind: 'note', text: 'looking at it' });
});

it.each([
  ['what Faultline itself did', act('Acknowledge', { username: 'Faultline' })],
  ['the alert of another tool', act('Acknowledge', { alias: 'nagios/1' })],
  ['another act', act('Escalate')],
  ['no JSON object', []],
])('%s is accepted and changes nothing', (_name, payload) => {
  expect(received(payload)).toMatchObject({ status: 200, commands: [] });
});

it('refuses another token, and everything without one', () => {
  expect(received(act('Close'), 'other')).toMatchObject({ status: 401, commands: [] });
  const request = { headers: {}, body: Buffer.from('{}'), nowMs: 0 };
  expect(receiveAlertAction({ webhookToken: null }, request).status).toBe(404);
});
