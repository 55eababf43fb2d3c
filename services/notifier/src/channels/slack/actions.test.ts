import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { formatReference } from '../../callbacks/reference.ts';
import { incident, resolved } from '../../testing/incident.ts';
import { actionBlocks, receiveInteraction } from './actions.ts';
import { slackConfig } from './config.ts';

const signingSecret = '8f742231b10e8888abcd99yyyzzz85a5';
const base = { type: 'slack', name: 'ops', token: 'xoxb-1', channel: 'C1' };
const config = slackConfig.parse({ ...base, signingSecret });
const reference = formatReference(incident());
const seconds = 1_772_373_900;

interface Signed {
  readonly atSeconds?: number;
  readonly secret?: string;
}

/** A request as Slack signs it. */
function requestOf(payload: object, { atSeconds = seconds, secret = signingSecret }: Signed = {}) {
  const body = `payload=${encodeURIComponent(JSON.stringify(payload))}`;
  const signature = createHmac('sha256', secret).update(`v0:${atSeconds}:${body}`).digest('hex');
  const headers = { 'x-slack-request-timestamp': String(atSeconds), 'x-slack-signature': `v0=${signature}` };
  return { headers, body: Buffer.from(body), nowMs: seconds * 1000 };
}

const pressed = (element: object) => ({
  type: 'block_actions',
  user: { id: 'U1', username: 'mira', name: 'mira', team_id: 'T1' },
  message: { ts: '1767621700.000100' },
  actions: [{ block_id: reference, action_ts: '1767621999.1', ...element }],
});
const actionsOf = (element: object) => receiveInteraction(config, requestOf(pressed(element))).commands;

describe('interactions', () => {
  it.each([
    ['faultline_acknowledge', { kind: 'acknowledge' }],
    ['faultline_resolve', { kind: 'resolve', resolution: 'resolved in Slack' }],
    ['faultline_not_this_cause', { kind: 'not-this-cause', service: '' }],
  ])('%s is a command with the name of the person', (action_id, action) => {
    expect(actionsOf({ action_id, value: reference })).toEqual([
      {
        id: 'slack/1767621700.000100/1767621999.1',
        reference: { tenant: 'default', incidentId: 'inc1' },
        actor: 'mira',
        action,
      },
    ]);
  });

  it('the cause that the person saw is refused, and restored', () => {
    const press = (action_id: string) => actionsOf({ action_id, value: 'orders-db' })[0];
    expect(press('faultline_not_this_cause')?.action).toEqual({ kind: 'not-this-cause', service: 'orders-db' });
    expect(press('faultline_restore_cause')?.action).toEqual({ kind: 'restore-cause', service: 'orders-db' });
    expect(press('faultline_restore_cause')?.reference.incidentId).toBe('inc1');
  });

  it('a service that is called like another incident does not lead there', () => {
    const value = formatReference(incident({ scope: { tenant: 'other', environment: '' }, id: 'inc9' }));
    const [command] = actionsOf({ action_id: 'faultline_not_this_cause', value });
    expect(command?.reference).toEqual({ tenant: 'default', incidentId: 'inc1' });
  });

  it('a button of an older message carries the incident itself', () => {
    const [command] = actionsOf({ action_id: 'faultline_acknowledge', block_id: 'b1', value: reference });
    expect(command?.reference).toEqual({ tenant: 'default', incidentId: 'inc1' });
  });

  it('one tap says what fixed it, and the menu what did not help', () => {
    const [worked] = actionsOf({ action_id: 'faultline_worked_rolled-back', value: 'rolled-back' });
    expect(worked?.action).toEqual({ kind: 'record-remediation', remediation: 'rolled-back', worked: true });
    const tried = (value: string) => actionsOf({ action_id: 'faultline_tried', selected_option: { value } })[0]?.action;
    expect(tried('restarted')).toEqual({ kind: 'record-remediation', remediation: 'restarted', worked: false });
    expect(tried('prayed')).toBeUndefined();
  });

  it('the menu splits an entity off', () => {
    const [command] = actionsOf({ action_id: 'faultline_split', selected_option: { value: 'service:orders' } });
    expect(command?.action).toEqual({ kind: 'split', entity: 'service:orders' });
  });

  it.each([
    ['the button of another app', { action_id: 'approve', value: reference }],
    ['another incident format', { action_id: 'faultline_resolve', value: 'x', block_id: 'y' }],
    ['a menu without a choice', { action_id: 'faultline_split', selected_option: null }],
  ])('%s is accepted and changes nothing', (_name, element) => {
    expect(actionsOf(element)).toEqual([]);
  });

  it('a signature of Slack’s documentation', () => {
    // https://docs.slack.dev/authentication/verifying-requests-from-slack
    const body =
      'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c';
    const headers = {
      'x-slack-request-timestamp': '1531420618',
      'x-slack-signature': 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
    };
    const answer = receiveInteraction(config, { headers, body: Buffer.from(body), nowMs: 1_531_420_700_000 });
    expect(answer).toMatchObject({ status: 200, commands: [] });
  });

  it.each([
    ['another secret', requestOf(pressed({}), { secret: 'other' })],
    ['an old request', requestOf(pressed({}), { atSeconds: seconds - 301 })],
    ['a request from the future', requestOf(pressed({}), { atSeconds: seconds + 301 })],
    ['no signature', { headers: {}, body: Buffer.from(''), nowMs: 0 }],
  ])('%s is refused', (_name, request) => {
    expect(receiveInteraction(config, request)).toMatchObject({ status: 401, commands: [] });
  });

  it('without a signing secret there are no callbacks', () => {
    expect(receiveInteraction(slackConfig.parse(base), requestOf(pressed({}))).status).toBe(404);
  });
});

describe('buttons', () => {
  const texts = (held = incident()) => JSON.stringify(actionBlocks(held));

  it('fit the state', () => {
    expect(texts(incident({ status: 'acknowledged' }))).not.toContain('Acknowledge');
    expect(texts(incident({ verdict: 'inconclusive' }))).not.toContain('Not this cause');
    expect(texts()).not.toContain('Undo');
    const rejectedCauses = [{ service: 'cache', actor: 'mira', atMs: 1 }];
    expect(texts(incident({ rejectedCauses }))).toContain('Undo: not cache');
  });

  it('a resolved incident asks what fixed it, until a person says so', () => {
    const fixed = (actor: string) => {
      const remediation = { kind: 'scaled', target: 'db', worked: true, actor, atMs: 1, doneAtMs: 1 } as const;
      return actionBlocks(resolved(3, { remediations: [remediation] }));
    };
    const [block] = actionBlocks(resolved(3));
    expect(block?.elements).toHaveLength(5);
    expect(new Set(block?.elements.map((element) => element['action_id'])).size).toBe(5);
    expect(texts(resolved(3))).toContain('Rolled back');
    expect(fixed('')).not.toEqual([]);
    expect(fixed('mira')).toEqual([]);
  });

  it('one alerting entity cannot be split', () => {
    expect(texts(incident({ alerts: incident().alerts.slice(0, 1) }))).not.toContain('"Split"');
  });
});
