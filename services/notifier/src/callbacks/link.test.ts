import { type Command, codecs } from '@faultline/model';
import { silentLogger } from '@faultline/runtime';
import Fastify from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { notifierConfig } from '../config.ts';
import { createHarness, type Harness } from '../testing/harness.ts';
import { incident, resolved } from '../testing/incident.ts';
import { commandOfLink, linksOf, openLink } from './link.ts';
import { callbackRoutes } from './routes.ts';

const secret = 's'.repeat(32);
const nowMs = Date.UTC(2026, 2, 1, 14);
const base = { url: 'https://faultline.example/callbacks/teams', secret, nonce: 'inc1:teams:first', nowMs };
const links = (over = {}) => linksOf(incident(over), base);
const fieldsOf = (index = 0) => new URL(links()[index]?.url ?? '').searchParams;

describe('the links of a message', () => {
  it('fit the state', () => {
    const titles = (over = {}) => links(over).map(({ title }) => title);
    expect(titles()).toEqual(['Acknowledge', 'Resolve', 'Not this cause']);
    expect(titles({ status: 'acknowledged', verdict: 'inconclusive' })).toEqual(['Resolve']);
    expect(linksOf(resolved(3), base)).toEqual([]);
  });

  it('name the act, the incident and the cause that people saw', () => {
    const opened = openLink(fieldsOf(2), secret, nowMs);
    expect(opened).toMatchObject({
      kind: 'not-this-cause',
      reference: { tenant: 'default', incidentId: 'inc1' },
      service: 'orders-db',
    });
    expect(opened === null ? null : commandOfLink(opened, 'mira')).toMatchObject({
      actor: 'mira',
      action: { kind: 'not-this-cause', service: 'orders-db' },
    });
  });

  it('have one id however often they are opened, and each message its own', () => {
    const id = () => openLink(fieldsOf(), secret, nowMs)?.id;
    const [other] = linksOf(incident(), { ...base, nonce: 'inc1:teams:5' });
    expect(id()).toBe(id());
    expect(openLink(new URL(other?.url ?? '').searchParams, secret, nowMs)?.id).not.toBe(id());
  });

  it.each([
    ['another act', (fields: URLSearchParams) => fields.set('act', 'resolve')],
    ['another incident', (fields: URLSearchParams) => fields.set('incident', 'faultline/default/inc2')],
    ['a longer life', (fields: URLSearchParams) => fields.set('until', String(nowMs * 2))],
    ['no signature', (fields: URLSearchParams) => fields.delete('signature')],
  ])('%s is refused', (_name, change) => {
    const fields = fieldsOf();
    change(fields);
    expect(openLink(fields, secret, nowMs)).toBeNull();
  });

  it('end after a day, and with another secret', () => {
    expect(openLink(fieldsOf(), secret, nowMs + 86_399_999)).not.toBeNull();
    expect(openLink(fieldsOf(), secret, nowMs + 86_400_000)).toBeNull();
    expect(openLink(fieldsOf(), 'x'.repeat(32), nowMs)).toBeNull();
  });
});

describe('the page behind a link', () => {
  let harness: Harness;
  beforeEach(async () => {
    harness = await createHarness();
  });
  afterEach(() => harness.close());

  async function serverOf() {
    const channels = notifierConfig.parse({
      channels: [{ type: 'teams', name: 'teams', url: 'http://127.0.0.1:1/', linkSecret: secret }],
    }).channels;
    const server = Fastify();
    await server.register(callbackRoutes({ bus: harness.bus, channels, clock: () => nowMs, logger: silentLogger }));
    return server;
  }
  async function commands(): Promise<readonly Command[]> {
    const found: Command[] = [];
    for (let partition = 0; partition < harness.bus.partitionCount('commands'); partition++)
      for await (const { value } of harness.bus.read({ topic: 'commands', partition, from: 0n })) {
        const decoded = value === null ? null : codecs.command.decode(value);
        if (decoded?.ok) found.push(decoded.value);
      }
    return found;
  }
  const post = { method: 'POST', url: '/callbacks/teams' } as const;
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };

  it('opening it changes nothing; confirming it is a command with the name', async () => {
    const server = await serverOf();
    const shown = await server.inject(`/callbacks/teams?${fieldsOf()}&name=somebody`);
    expect([shown.statusCode, shown.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(shown.headers['content-security-policy']).toContain("default-src 'none'");
    expect(shown.body).toContain('<button>Acknowledge</button>');
    expect(await commands()).toEqual([]);
    const hidden = [...shown.body.matchAll(/name="(\w+)" value="([^"]*)"/g)].map(
      ([, name = '', value = '']): [string, string] => [name, value],
    );
    const form = new URLSearchParams([...hidden, ['name', 'mira <b>']]);
    const done = await server.inject({ ...post, headers, payload: form.toString() });
    expect([done.statusCode, done.body]).toEqual([200, expect.stringContaining('mira &lt;b&gt;')]);
    await server.inject({ ...post, headers, payload: form.toString() });
    const written = await commands();
    expect(written.map(({ actor, action }) => [actor, action])).toEqual([
      ['mira <b>', { kind: 'acknowledge' }],
      ['mira <b>', { kind: 'acknowledge' }],
    ]);
    // The correlator takes a command with the same id once.
    expect(new Set(written.map(({ id }) => id)).size).toBe(1);
  });

  it.each([
    ['no name', () => fieldsOf().toString(), 400],
    ['a changed link', () => `${fieldsOf().toString().replace('act=acknowledge', 'act=resolve')}&name=mira`, 401],
    ['nothing', () => '', 401],
  ])('%s is refused', async (_name, payload, status) => {
    const server = await serverOf();
    expect((await server.inject({ ...post, headers, payload: payload() })).statusCode).toBe(status);
    expect(await commands()).toEqual([]);
  });

  it('a channel without links has no page', async () => {
    const server = Fastify();
    const { channels } = notifierConfig.parse({
      channels: [{ type: 'teams', name: 'teams', url: 'http://127.0.0.1:1/' }],
    });
    await server.register(callbackRoutes({ bus: harness.bus, channels, clock: () => nowMs, logger: silentLogger }));
    expect((await server.inject(`/callbacks/teams?${fieldsOf()}`)).statusCode).toBe(404);
    expect((await server.inject({ ...post, headers, payload: fieldsOf().toString() })).statusCode).toBe(404);
  });
});
