/** The token is checked before a body is read: these senders announce a body and never send it. */
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:http2';
import { authConfig, createAuthenticator, hashToken } from '@faultline/runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Harness, startHarness } from './testing/harness.ts';

const tokens = (['viewer', 'responder'] as const).map((role) => ({
  name: role,
  hash: hashToken(`token-${role}`),
  role,
  source: null,
}));
const unauthenticated = '16';
const permissionDenied = '7';

/** A busy machine is slow to start the service. */
const startTimeoutMs = 60_000;

describe('the token comes before the body', () => {
  let harness: Harness;
  let url: URL;
  beforeAll(async () => {
    harness = await startHarness({ authenticator: createAuthenticator(authConfig.parse({ tokens })) });
    url = new URL(await harness.http.listen({ host: '127.0.0.1', port: 0 }));
  }, startTimeoutMs);
  afterAll(() => harness.stop());

  const announced = async (path: string, headers: Readonly<Record<string, string>>) => {
    const sender = httpRequest(new URL(path, url), {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-length': '500000', ...headers },
    });
    sender.on('error', () => {});
    sender.flushHeaders();
    const [response] = await once(sender, 'response');
    sender.destroy();
    return response.statusCode;
  };

  it.each([
    [401, {}],
    [401, { authorization: 'Bearer other' }],
    [403, { authorization: 'Bearer token-viewer' }],
  ])('HTTP answers %i to %j', async (status, headers) => {
    expect(await announced('/api/v1/incidents/i1/acknowledge', headers)).toBe(status);
  });

  it('HTTP takes a small body only from who signs in', async () => {
    expect(await announced('/api/v1/session', {})).toBe(413);
  });

  const called = async (headers: Readonly<Record<string, string>>) => {
    const client = connect(`http://127.0.0.1:${harness.grpcPort}`);
    const stream = client.request({
      ':method': 'POST',
      ':path': '/faultline.v1.IncidentService/Acknowledge',
      'content-type': 'application/grpc',
      te: 'trailers',
      ...headers,
    });
    stream.on('error', () => {});
    const [answer] = await once(stream, 'response');
    const trailers = answer['grpc-status'] === undefined ? (await once(stream, 'trailers'))[0] : answer;
    client.destroy();
    return trailers['grpc-status'];
  };

  it.each([
    [unauthenticated, {}],
    [unauthenticated, { authorization: 'Bearer other' }],
    [permissionDenied, { authorization: 'Bearer token-viewer' }],
  ])('gRPC answers %s to %j', async (status, headers) => {
    expect(await called(headers)).toBe(status);
  });
});
