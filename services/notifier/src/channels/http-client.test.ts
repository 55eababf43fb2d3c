import { createServer } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Receiver, startReceiver } from '../testing/receiver.ts';
import { createHttpClient, type HttpRequest } from './http-client.ts';

let receiver: Receiver;
const asked: string[] = [];
const proxy = createServer((request, response) => {
  asked.push(`${request.method} ${request.url}`);
  response.writeHead(202).end('by the proxy');
});
proxy.on('connect', (request, client) => {
  asked.push(`CONNECT ${request.url}`);
  const upstream = connect(Number(new URL(receiver.url).port), '127.0.0.1', () => {
    client.write('HTTP/1.1 200 OK\r\n\r\n');
    upstream.pipe(client).pipe(upstream);
  });
  upstream.on('error', () => client.destroy());
  client.on('error', () => upstream.destroy());
});
let proxyUrl = '';
beforeAll(async () => {
  receiver = await startReceiver(() => ({ status: 200, body: 'direct' }));
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const address = proxy.address();
  proxyUrl = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
});
afterAll(async () => {
  await receiver.close();
  proxy.closeAllConnections();
  await new Promise((resolve) => proxy.close(resolve));
});

const requestTo = (url: string): HttpRequest => ({
  url,
  headers: {},
  body: '{}',
  timeoutMs: 5000,
  allowLinkLocal: false,
  signal: new AbortController().signal,
});
const through = (noProxy = '') => createHttpClient({ proxyUrl, noProxy });

it('a request goes through the proxy, also to a name that only the proxy knows', async () => {
  const answer = await through().request(requestTo('http://pager.invalid/hook'));
  expect(answer).toMatchObject({ status: 202, body: 'by the proxy' });
  expect(asked.splice(0)).toEqual(['POST http://pager.invalid/hook']);
});

it('HTTPS goes through a tunnel; a failure inside it may have been a delivery', async () => {
  const tunnelled = through().request(requestTo('https://pager.invalid/hook'));
  // The receiver speaks no TLS, so the handshake fails before the request is written.
  await expect(tunnelled).rejects.toMatchObject({ kind: 'transient' });
  expect(asked.splice(0)).toEqual(['CONNECT pager.invalid:443']);
});

it('hosts of noProxy are reached directly', async () => {
  const answer = await through('127.0.0.1').request(requestTo(receiver.url));
  expect(answer.body).toBe('direct');
  expect(asked).toEqual([]);
});

it('a proxy opens no way to a forbidden address', async () => {
  const sent = through().request(requestTo('http://169.254.169.254/latest'));
  await expect(sent).rejects.toMatchObject({ code: 'NOTIFIER_ADDRESS_FORBIDDEN' });
  expect(asked).toEqual([]);
});

it('an unreachable proxy is a transient failure that delivered nothing', async () => {
  const gone = createHttpClient({ proxyUrl: 'http://127.0.0.1:1', noProxy: '' });
  await expect(gone.request(requestTo('http://pager.invalid/'))).rejects.toMatchObject({
    kind: 'transient',
    maybeDelivered: false,
  });
});

it('GET sends no body', async () => {
  receiver.requests.length = 0;
  await createHttpClient().request({ ...requestTo(receiver.url), method: 'GET', body: '' });
  expect(receiver.requests[0]).toMatchObject({ body: '', path: '/' });
  expect(receiver.requests[0]?.headers['content-length']).toBeUndefined();
});

it('an answer that came while this process was busy is read, although the time is over', async () => {
  const busyMs = 400;
  const sent = createHttpClient().request({ ...requestTo(receiver.url), timeoutMs: busyMs / 4 });
  await new Promise<void>((resolve) => setImmediate(resolve));
  const until = Date.now() + busyMs;
  while (Date.now() < until);
  expect(await sent).toMatchObject({ status: 200, body: 'direct' });
});

it('a receiver that never answers is given up after the time', async () => {
  const before = receiver.answer;
  receiver.answer = () => ({ silent: true });
  const sent = createHttpClient().request({ ...requestTo(receiver.url), timeoutMs: 80 });
  await expect(sent).rejects.toMatchObject({ kind: 'transient', maybeDelivered: true });
  receiver.answer = before;
});
