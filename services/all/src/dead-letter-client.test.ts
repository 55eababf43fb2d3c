import { createMappingEvaluator, ingestConfig } from '@faultline/ingest';
import Fastify from 'fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ListedLetter, listLetters, replayLetter } from './dead-letter-client.ts';

const letterOf = (id: string, source: string, payload: string, extra: Partial<ListedLetter> = {}): ListedLetter => ({
  id,
  source,
  signal: 'alerts',
  items: 1,
  code: 'INGEST_INVALID',
  reason: 'alerts[0].name: expected a text',
  receivedAt: '2026-03-01T12:00:00Z',
  contentType: 'application/json',
  payload: Buffer.from(payload).toString('base64'),
  payloadBytes: payload.length,
  ...extra,
});
const letters = [letterOf('1', 'pinger', '{"check":"ping"}'), letterOf('2', 'alertmanager', '[]')];

const server = Fastify();
const received: { url: string; token: string | undefined; body: unknown }[] = [];
let url = '';
beforeAll(async () => {
  server.get('/api/v1/dead-letters', (request, reply) => {
    const { pageToken } = request.query as { pageToken: string };
    const isFirst = pageToken === '';
    return reply.send({
      deadLetters: isFirst ? letters.slice(0, 1) : letters.slice(1),
      nextPageToken: isFirst ? '7' : '',
    });
  });
  server.post('/*', (request, reply) => {
    received.push({ url: request.url, token: request.headers.authorization, body: request.body });
    return reply.code(202).send({ status: 'accepted' });
  });
  url = await server.listen({ host: '127.0.0.1', port: 0 });
});
const mappings = createMappingEvaluator({ timeoutMs: 1000, memoryMb: 64 });
afterAll(async () => {
  await server.close();
  await mappings.close();
});

const client = () => ({ url, token: 'flt_admin', tenant: undefined });
const replay = (letter: ListedLetter, ingest: object) =>
  replayLetter(letter, client(), { ingest: ingestConfig.parse(ingest), mappings, headers: {}, nowMs: Date.now() });
const mapping = (expression: string) => ({ mappings: [{ name: 'pinger', expression }] });

it('reads all pages', async () => {
  expect((await listLetters(client(), '', 100)).map(({ id }) => id)).toEqual(['1', '2']);
});

it('sends a letter again once its mapping is mended', async () => {
  const [first] = letters;
  if (first === undefined) return;
  const before = await replay(first, mapping('{ "alerts": { "name": title } }'));
  expect(before).toMatchObject({ isOk: false, text: expect.stringContaining('alerts[0].name: expected a text') });
  expect(received).toEqual([]);
  const after = await replay(first, mapping('{ "alerts": { "name": check } }'));
  expect(after).toEqual({ isOk: true, text: '1: replayed to /ingest/pinger: 202 {"status":"accepted"}' });
  expect(received).toEqual([{ url: '/ingest/pinger', token: 'Bearer flt_admin', body: { check: 'ping' } }]);
});

it('finds the path of a source with several', async () => {
  const alerts = '[{"labels":{"alertname":"A"}}]';
  expect((await replay(letterOf('3', 'alertmanager', alerts), {})).text).toContain('replayed to /api/v2/alerts');
});

it.each([
  ['a payload that was cut', { payloadBytes: 100_000 }, 'only the beginning'],
  ['a source of another port', { source: 'otlp' }, 'no source otlp'],
])('says why not: %s', async (_name, extra, reason) => {
  const replayed = await replay(letterOf('4', 'json', '{"ignored":"x"}', extra), {});
  expect(replayed).toMatchObject({ isOk: false, text: expect.stringContaining(reason) });
});
