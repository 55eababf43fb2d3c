import Fastify from 'fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runWhy } from './why.ts';

const server = Fastify();
const asked: unknown[] = [];
let url = '';
beforeAll(async () => {
  server.get('/api/v1/alerts/explain', (request, reply) => {
    asked.push({
      query: request.query,
      token: request.headers.authorization,
      tenant: request.headers['x-scope-orgid'],
    });
    const { fingerprint } = request.query as { fingerprint: string };
    if (fingerprint === 'bad') return reply.code(400).send({ code: 'QUERY_INVALID_ARGUMENT' });
    if (fingerprint === 'none') {
      const near = { source: 'grafana', fingerprint: 'n', name: 'Slow', status: 'firing', receivedAt: null };
      return reply.send({ outcome: 'not-heard', text: 'Never heard of.', steps: [], nearMatches: [near] });
    }
    const steps = [
      { at: '2026-03-01T14:02:00Z', kind: 'received', text: 'grafana sent Slow', incidentId: '' },
      { at: null, kind: 'joined', text: 'member of incident i', incidentId: 'i' },
    ];
    return reply.send({ outcome: 'paged', text: 'Paged.', incidentId: 'i', steps, nearMatches: [] });
  });
  url = await server.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(() => server.close());

const why = (fingerprint: string) =>
  runWhy({ fingerprint, source: 'grafana' }, { url, token: 'flt_x', tenant: 'acme' });

it('prints the sentence, then the steps in columns', async () => {
  expect((await why('a/b')).split('\n')).toEqual([
    'Paged.',
    '2026-03-01T14:02:00Z      received  grafana sent Slow',
    '                          joined    member of incident i',
    '',
  ]);
  expect(asked[0]).toEqual({ query: { fingerprint: 'a/b', source: 'grafana' }, token: 'Bearer flt_x', tenant: 'acme' });
});

it('lists what looks like an unknown one', async () => {
  expect(await why('none')).toMatch(
    /^Never heard of\.\nAlerts of the last week that look like it:\n +grafana {2}n {2}Slow\n$/,
  );
});

it('passes on why it failed', async () => {
  await expect(why('bad')).rejects.toMatchObject({
    code: 'ALL_WHY_FAILED',
    message: expect.stringContaining('answered 400: {"code":"QUERY_INVALID_ARGUMENT"}'),
  });
  const nobody = { url: 'http://127.0.0.1:1', token: undefined, tenant: undefined };
  await expect(runWhy({ fingerprint: 'x', source: '' }, nobody)).rejects.toThrow('is it running?');
});
