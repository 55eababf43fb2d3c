import Fastify from 'fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type ListedLetter, listLetters, replayLetters } from './dead-letter-client.ts';

const letterOf = (id: string): ListedLetter => ({
  id,
  source: 'pinger',
  signal: 'alerts',
  items: 1,
  code: 'INGEST_INVALID',
  reason: 'alerts[0].name: expected a text',
  receivedAt: '2026-03-01T12:00:00Z',
  contentType: 'application/json',
  payload: '',
  payloadBytes: 0,
});

const server = Fastify();
const received: { token: string | undefined; body: { ids: string[] } }[] = [];
let url = '';
beforeAll(async () => {
  server.get('/api/v1/dead-letters', (request, reply) => {
    const { pageToken } = request.query as { pageToken: string };
    const isFirst = pageToken === '';
    return reply.send({ deadLetters: [letterOf(isFirst ? '1' : '2')], nextPageToken: isFirst ? '7' : '' });
  });
  server.post('/api/v1/dead-letters/replay', (request, reply) => {
    const body = request.body as { ids: string[] };
    received.push({ token: request.headers.authorization, body });
    if (body.ids.includes('broken')) return reply.code(400).send({ message: 'mapping: no' });
    return reply.send({ replayed: 0, results: body.ids.map((id) => ({ id, replayed: id !== 'bad', text: 'x' })) });
  });
  url = await server.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(() => server.close());

const client = () => ({ url, token: 'flt_admin', tenant: undefined });
const options = { mapping: '$', headers: { 'x-event': 'push' } };

it('reads all pages', async () => {
  expect((await listLetters(client(), '', 100)).map(({ id }) => id)).toEqual(['1', '2']);
  expect((await listLetters(client(), '', 1)).map(({ id }) => id)).toEqual(['1']);
});

it('has letters sent again, a hundred at a time', async () => {
  const ids = ['bad', ...Array.from({ length: 149 }, (_, index) => String(index))];
  const results = await replayLetters(client(), ids, options);
  expect(results.map(({ id }) => id)).toEqual(ids);
  expect(results.filter(({ replayed }) => !replayed)).toEqual([{ id: 'bad', replayed: false, text: 'x' }]);
  expect(received.map(({ body }) => body.ids.length)).toEqual([100, 50]);
  expect(received[0]).toMatchObject({ token: 'Bearer flt_admin', body: options });
});

it('passes on why it failed', async () => {
  await expect(replayLetters(client(), ['broken'], options)).rejects.toMatchObject({
    code: 'ALL_DEAD_LETTERS_FAILED',
    message: expect.stringContaining('mapping: no'),
  });
});
