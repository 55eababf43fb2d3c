import { createHmac } from 'node:crypto';
import { type Command, codecs, correlationKey } from '@faultline/model';
import { silentLogger } from '@faultline/runtime';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { notifierConfig } from '../config.ts';
import { createHarness, type Harness } from '../testing/harness.ts';
import { incident } from '../testing/incident.ts';
import type { CallbackAction } from './callback.ts';
import { commandOf } from './commands.ts';
import { formatReference, isOwnReference, parseReference } from './reference.ts';
import { callbackRoutes } from './routes.ts';
import { isSigned } from './signature.ts';

const reference = { tenant: 'default', incidentId: 'inc1' };
const routingKey = '0123456789abcdef0123456789abcdef';

describe('references', () => {
  it.each([
    ['plain', 'acme', 'inc1'],
    ['with signs', 'a b/c', 'i%/1'],
  ])('%s come back', (_name, tenant, id) => {
    const text = formatReference({ scope: { tenant, environment: 'any' }, id });
    expect(parseReference(text)).toEqual({ tenant, incidentId: id });
  });

  it('does not change when the environment of an incident becomes known', () => {
    const of = (environment: string) => formatReference(incident({ scope: { tenant: 'default', environment } }));
    expect(of('')).toBe(of('production'));
  });

  it('a long one fits a dedup key, and cannot be read back', () => {
    const text = formatReference({ scope: { tenant: 'ü'.repeat(90), environment: 'e' }, id: 'i' });
    expect(text.length).toBeLessThanOrEqual(255);
    expect([isOwnReference(text), parseReference(text)]).toEqual([true, null]);
  });

  it.each(['', 'nagios/checkout', 'faultline/a', 'faultline/a/b/c', 'faultline/%/b', 'other/a/b'])(
    '%s is none',
    (text) => {
      expect(parseReference(text)).toBeNull();
    },
  );
});

it('a signature is compared byte by byte, and several may be given', () => {
  const right = createHmac('sha256', 'k').update('text').digest('hex');
  expect(isSigned('k', 'text', ['00', right])).toBe(true);
  expect(isSigned('k', 'text', [right.slice(2), `${right}00`, 'zz', ''])).toBe(false);
  expect(isSigned('other', 'text', [right])).toBe(false);
});

describe('commands', () => {
  const of = (action: CallbackAction, held: ReturnType<typeof incident> | null = incident()) =>
    commandOf({ id: 'c', reference, actor: 'mira', action }, held, 5);

  it('carry the person and hold at any revision', () => {
    expect(of({ kind: 'acknowledge' }, null)).toEqual({
      id: 'c',
      scope: { tenant: 'default', environment: '' },
      incidentId: 'inc1',
      expectedRevision: null,
      actor: 'mira',
      atMs: 5,
      action: { kind: 'acknowledge' },
    });
  });

  it('a cause that is not believed is refused by the name that the person saw', () => {
    const refused = (service: string) => ({ kind: 'reject-cause', service });
    expect(of({ kind: 'not-this-cause', service: 'orders' })?.action).toEqual(refused('orders'));
    expect(of({ kind: 'not-this-cause', service: '' })?.action).toEqual(refused('orders-db'));
    expect(of({ kind: 'not-this-cause', service: '' }, incident({ hypotheses: [] }))).toBeNull();
    expect(of({ kind: 'restore-cause', service: 'orders' })?.action).toEqual({
      kind: 'restore-cause',
      service: 'orders',
    });
  });

  it('a tap names no target: the correlator knows what is blamed', () => {
    const tapped = { kind: 'record-remediation', remediation: 'scaled', worked: true } as const;
    expect(of(tapped, null)?.action).toEqual({ ...tapped, target: '' });
  });

  it('a split takes the alerts of one entity', () => {
    expect(of({ kind: 'split', entity: 'service:orders' })?.action).toEqual({
      kind: 'split',
      alertFingerprints: ['f0001'],
    });
    expect(of({ kind: 'split', entity: 'service:gone' })).toBeNull();
    expect(of({ kind: 'split', entity: 'service:orders' }, null)).toBeNull();
  });
});

describe('POST /callbacks/NAME', () => {
  let harness: Harness;
  let server: FastifyInstance;
  const secret = 'pd-secret';
  beforeEach(async () => {
    harness = await createHarness();
    const { channels } = notifierConfig.parse({
      channels: [
        { type: 'pagerduty', name: 'pager', routingKey, webhookSecret: secret },
        { type: 'console', name: 'console' },
      ],
    });
    server = Fastify();
    await server.register(callbackRoutes({ bus: harness.bus, channels, clock: () => 7, logger: silentLogger }));
  });
  afterEach(async () => {
    await server.close();
    await harness.close();
  });
  const post = (name: string, payload: string, headers: Record<string, string> = {}) =>
    server.inject({
      method: 'POST',
      url: `/callbacks/${name}`,
      payload,
      headers: { 'content-type': 'application/json', ...headers },
    });
  const signed = (payload: string) => ({
    'x-pagerduty-signature': `v1=${createHmac('sha256', secret).update(payload).digest('hex')}`,
  });
  const commands = async (): Promise<readonly Command[]> => {
    const found: Command[] = [];
    const partition = harness.bus.partitionOf('commands', correlationKey(reference));
    for await (const { value } of harness.bus.read({ topic: 'commands', partition, from: 0n })) {
      const decoded = value === null ? null : codecs.command.decode(value);
      if (decoded?.ok === true) found.push(decoded.value);
    }
    return found;
  };
  const acknowledged = JSON.stringify({
    event: {
      id: 'e1',
      event_type: 'incident.acknowledged',
      agent: { type: 'user_reference', summary: 'Mira' },
      data: { incident_key: formatReference(incident()) },
    },
  });

  it('a signed act of a person is in the log before the answer', async () => {
    expect((await post('pager', acknowledged, signed(acknowledged))).statusCode).toBe(200);
    expect(await commands()).toMatchObject([{ id: 'pagerduty/e1', actor: 'Mira', action: { kind: 'acknowledge' } }]);
  });

  it('an unsigned one is not', async () => {
    expect((await post('pager', acknowledged)).statusCode).toBe(401);
    expect(await commands()).toEqual([]);
  });

  it.each(['console', 'unknown'])('%s has no callbacks', async (name) => {
    const answer = await post(name, '{}');
    expect(answer.statusCode).toBe(404);
    expect(answer.json()).toMatchObject({ code: 'NOTIFIER_CALLBACK_UNKNOWN' });
  });

  const act = (event: object) =>
    JSON.stringify({
      event: {
        event_type: 'incident.acknowledged',
        agent: { type: 'user_reference', summary: 'Mira' },
        data: { incident_key: formatReference(incident()) },
        ...event,
      },
    });

  it('acts without an id are different commands, and one that is delivered twice is one', async () => {
    const [first, other] = [act({}), act({ event_type: 'incident.resolved' })];
    for (const body of [first, other, first]) await post('pager', body, signed(body));
    const ids = (await commands()).map(({ id }) => id);
    expect(ids[0]).not.toBe(ids[1]);
    expect(ids[2]).toBe(ids[0]);
  });

  it('a note of a megabyte is taken, in short', async () => {
    const assignees = [{ summary: 'x'.repeat(900_000) }];
    const body = act({
      id: 'e2',
      event_type: 'incident.reassigned',
      data: { incident_key: formatReference(incident()), assignees },
    });
    expect((await post('pager', body, signed(body))).statusCode).toBe(200);
    const [note] = await commands();
    expect(note?.action.kind === 'note' && note.action.text.length).toBe(5000);
  });
});
