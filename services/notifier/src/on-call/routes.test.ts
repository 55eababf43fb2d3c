import { createAuthenticator, createToken } from '@faultline/runtime';
import Fastify from 'fastify';
import { expect, it } from 'vitest';
import { onCallRoutes } from './routes.ts';

const roster = {
  now: (atMs: number) => [
    { schedule: 'shop', people: [{ name: 'mira', contact: 'mira@example.com' }], untilMs: atMs + 1000, problem: '' },
    { schedule: 'pay', people: [], untilMs: null, problem: 'host answered 503' },
  ],
};

it('says who is on call, until when, and what could not be read', async () => {
  const server = Fastify();
  await server.register(onCallRoutes({ roster, clock: () => 0 }));
  expect((await server.inject('/api/v1/on-call')).json()).toEqual({
    schedules: [
      {
        schedule: 'shop',
        people: [{ name: 'mira', contact: 'mira@example.com' }],
        until: '1970-01-01T00:00:01.000Z',
        problem: '',
      },
      { schedule: 'pay', people: [], until: null, problem: 'host answered 503' },
    ],
  });
});

it('names of people are for those who may look', async () => {
  const viewer = createToken();
  const sender = createToken();
  const tokens = [
    { name: 'v', hash: viewer.hash, role: 'viewer', tenant: 'default', source: null },
    { name: 's', hash: sender.hash, role: 'source', tenant: 'default', source: 'am' },
  ] as const;
  const server = Fastify();
  const authenticator = createAuthenticator({ tokens: [...tokens] });
  await server.register(onCallRoutes({ roster, clock: () => 0, authenticator }));
  const status = async (token: string | null) => {
    const headers = token === null ? {} : { authorization: `Bearer ${token}` };
    return (await server.inject({ url: '/api/v1/on-call', headers })).statusCode;
  };
  expect([await status(null), await status('x'), await status(sender.token), await status(viewer.token)]).toEqual([
    401, 401, 403, 200,
  ]);
});
