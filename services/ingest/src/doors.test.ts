/** What strangers, browsers and proxies meet at the ports, whatever the format. */
import { mkdtempSync, rmSync } from 'node:fs';
import { connect as connectHttp2 } from 'node:http2';
import { request } from 'node:https';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { authConfig, createAuthenticator, hashToken } from '@faultline/runtime';
import { makeCertificate, writeCertificate } from '@faultline/runtime/testing';
import { Client, credentials, Metadata } from '@grpc/grpc-js';
import { afterEach, describe, expect, it } from 'vitest';
import { type FrontDoor, type FrontDoorOptions, openFrontDoor } from './testing/ingest.ts';

let door: FrontDoor;
const open = async (options?: FrontDoorOptions) => {
  door = await openFrontDoor(options);
};
afterEach(() => door.close());

const json = { 'content-type': 'application/json' };
const post = (path: string, headers: Record<string, string> = {}, body = '{}') =>
  fetch(`http://127.0.0.1:${door.ports.otlpHttp}${path}`, { method: 'POST', headers: { ...json, ...headers }, body });
const traceExport = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';

describe('a slash too many is no other place', () => {
  it.each(['/v1/traces', '/v1/traces/', '//v1/traces', '/v1//logs/'])('%s', async (path) => {
    await open();
    expect((await post(path)).status).toBe(200);
  });

  it('what is not there is told with what is', async () => {
    await open();
    const response = await post('/v2/traces');
    expect([response.status, await response.text()]).toEqual([404, expect.stringContaining('/v1/traces')]);
  });
});

describe('browsers', () => {
  const page = 'https://shop.example';
  const preflight = (origin: string) =>
    fetch(`http://127.0.0.1:${door.ports.otlpHttp}/v1/traces`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type,x-mine',
      },
    });

  it('may send from an allowed page', async () => {
    await open({ config: { otlpHttp: { port: 0, cors: { allowedOrigins: [page], allowedHeaders: ['x-mine'] } } } });
    const asked = await preflight(page);
    expect([asked.status, asked.headers.get('access-control-allow-origin')]).toEqual([204, page]);
    expect(asked.headers.get('access-control-allow-headers')).toContain('content-type');
    expect(asked.headers.get('access-control-allow-headers')).toContain('x-mine');
    const sent = await post('/v1/traces', { origin: page });
    expect([sent.status, sent.headers.get('access-control-allow-origin')]).toEqual([200, page]);
  });

  it('may not from any other', async () => {
    await open({ config: { otlpHttp: { port: 0, cors: { allowedOrigins: [page] } } } });
    const asked = await preflight('https://evil.example');
    expect([asked.status, asked.headers.get('access-control-allow-origin')]).toEqual([403, null]);
    const sent = await post('/v1/traces', { origin: 'https://evil.example' });
    expect([sent.status, sent.headers.get('x-content-type-options')]).toEqual([403, 'nosniff']);
  });
});

const authenticator = createAuthenticator(
  authConfig.parse({
    tokens: [
      { name: 'otlp', hash: hashToken('token-otlp'), role: 'source', source: 'otlp' },
      { name: 'viewer', hash: hashToken('token-viewer'), role: 'viewer' },
      { name: 'responder', hash: hashToken('token-responder'), role: 'responder' },
    ],
  }),
);

describe('strangers', () => {
  /** Sends the head of a request and some of a body that never ends; gives the status line. */
  async function begin(head: string, piece: string): Promise<{ socket: Socket; line: string }> {
    const socket = connect(door.ports.otlpHttp, '127.0.0.1');
    socket.on('error', () => {});
    socket.write(
      `POST /v1/traces HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n${head}\r\n\r\n${piece}`,
    );
    const line = await new Promise<string>((resolve) => {
      socket.once('data', (data) => resolve(String(data).split('\r\n', 1)[0] ?? ''));
    });
    return { socket, line };
  }

  it.each([
    ['with a size', 'content-length: 16000000'],
    ['without a size', 'transfer-encoding: chunked'],
  ])('are answered before their body is there, %s', async (_name, head) => {
    await open({ authenticator });
    const { socket, line } = await begin(head, head.startsWith('transfer') ? '1\r\n{\r\n' : '{');
    expect(line).toBe('HTTP/1.1 401 Unauthorized');
    socket.destroy();
  });

  it('are answered before their message is there, over gRPC', async () => {
    await open({ authenticator });
    const session = connectHttp2(`http://127.0.0.1:${door.ports.otlpGrpc}`);
    const stream = session.request({ ':method': 'POST', ':path': traceExport, 'content-type': 'application/grpc' });
    stream.on('error', () => {});
    stream.write(Buffer.from([0, 0, 255, 255, 255, 1]));
    const headers = await new Promise<Record<string, unknown>>((resolve) => stream.once('response', resolve));
    expect(headers['grpc-status']).toBe('16');
    session.destroy();
  });

  it('who only ask may not send', async () => {
    await open({ authenticator });
    const status = async (token: string) => (await post('/v1/traces', { authorization: `Bearer ${token}` })).status;
    expect([await status('token-otlp'), await status('token-viewer'), await status('token-responder')]).toEqual([
      200, 403, 403,
    ]);
  });

  it('share a budget: what is announced beyond it is asked to come again', async () => {
    await open({ config: { limits: { inFlightBytes: 1_000_000 } } });
    const padded = `{"resourceSpans":[]${' '.repeat(200_000)}}`;
    const first = connect(door.ports.otlpHttp, '127.0.0.1');
    first.write(
      'POST /v1/traces HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 900000\r\n\r\n{',
    );
    await expect.poll(async () => (await post('/v1/traces', {}, padded)).status, { timeout: 10_000 }).toBe(503);
    expect((await post('/v1/traces')).status).toBe(200);
    first.destroy();
    await expect.poll(async () => (await post('/v1/traces', {}, padded)).status).toBe(200);
  });
});

describe('limits are told by what is over them', () => {
  it.each([
    ['resources', { resourceSpans: [{}, {}, {}] }, 'resourceSpans: expected at most 2'],
    ['scopes', { resourceSpans: [{ scopeSpans: [{}, {}, {}] }] }, 'scopeSpans: expected at most 2'],
    ['items', { resourceSpans: [{ scopeSpans: [{ spans: [{}, {}, {}] }] }] }, 'expected at most 2 in one request'],
    ['jsonValues', { resourceSpans: Array.from({ length: 50 }, () => 1) }, 'body: expected at most 2 JSON values'],
  ])('%s', async (limit, body, message) => {
    await open({ config: { limits: { [limit]: 2 } } });
    const response = await post('/v1/traces', {}, JSON.stringify(body));
    expect([response.status, await response.text()]).toEqual([413, expect.stringContaining(message)]);
  });
});

describe('TLS', () => {
  const first = makeCertificate({ name: 'first' });
  const second = makeCertificate({ name: 'second', serial: 2 });

  async function openSecure() {
    const folder = mkdtempSync(join(tmpdir(), 'tls-'));
    const tls = { ...writeCertificate(folder, first), reloadMs: 100 };
    await open({ config: { otlpHttp: { port: 0, tls }, otlpGrpc: { port: 0, tls } } });
    return folder;
  }

  function shownName(port: number): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = connectTls(
        { port, host: '127.0.0.1', rejectUnauthorized: false, ALPNProtocols: ['h2', 'http/1.1'] },
        () => {
          resolve(String(socket.getPeerCertificate().subject.CN));
          socket.destroy();
        },
      );
      socket.once('error', reject);
    });
  }

  function exportOver(client: Client): Promise<number> {
    const asIs = (bytes: Buffer) => bytes;
    return new Promise((resolve) => {
      client.makeUnaryRequest(traceExport, asIs, asIs, Buffer.alloc(0), new Metadata(), (error) =>
        resolve(error?.code ?? 0),
      );
    });
  }

  it('holds on both OTLP ports, and a new certificate is shown without a call being lost', async () => {
    const folder = await openSecure();
    const { otlpGrpc, otlpHttp } = door.ports;
    const client = new Client(`localhost:${otlpGrpc}`, credentials.createSsl(Buffer.from(first.certificate)));
    expect(await exportOver(client)).toBe(0);
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const options = { port: otlpHttp, path: '/v1/traces', method: 'POST', headers: json, ca: first.certificate };
      request({ host: 'localhost', ...options }, (response) => resolve(response.statusCode))
        .once('error', reject)
        .end('{}');
    });
    expect(status).toBe(200);
    writeCertificate(folder, second);
    for (const port of [otlpGrpc, otlpHttp])
      await expect.poll(() => shownName(port), { timeout: 10_000 }).toBe('second');
    expect(await exportOver(client)).toBe(0);
    client.close();
    rmSync(folder, { recursive: true, force: true });
  });
});
