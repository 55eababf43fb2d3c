import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPlainServer } from './http.ts';
import { type LogEntry, silentLogger } from './log.ts';
import { makeCertificate, writeCertificate } from './testing/certificate.ts';
import { followCertificates, readServerTls, tlsConfig } from './tls.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tls-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const first = makeCertificate({ name: 'first' });
const second = makeCertificate({ name: 'second', serial: 2 });

function configOf(files: object) {
  const tls = tlsConfig.parse(files);
  if (tls === null) throw new Error('no tls');
  return tls;
}

/** The common name of the certificate that a new connection is shown. */
function shownName(port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false }, () => {
      resolve(String(socket.getPeerCertificate().subject.CN));
      socket.end();
    });
    socket.once('error', reject);
  });
}

async function openServer(tls: ReturnType<typeof configOf>) {
  const server = createPlainServer({
    section: 'http',
    tls,
    requestTimeoutMs: 5000,
    bodyMaxBytes: 1024,
    logger: silentLogger,
  });
  server.get('/', (_request, reply) => reply.send('well'));
  await server.listen({ host: '127.0.0.1', port: 0 });
  const address = server.server.address();
  return { server, port: typeof address === 'object' ? (address?.port ?? 0) : 0 };
}

function statusOf(port: number, options: object): Promise<number | string> {
  return new Promise((resolve) => {
    const sent = request({ host: '127.0.0.1', port, path: '/', ...options }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'));
    sent.end();
  });
}

describe('certificates', () => {
  let server: FastifyInstance | null = null;
  afterEach(async () => {
    await server?.close();
    server = null;
  });

  it('are read again when a file changes, and connections that stand go on', async () => {
    const tls = configOf({ ...writeCertificate(folder, first), reloadMs: 100 });
    const opened = await openServer(tls);
    server = opened.server;
    expect(await shownName(opened.port)).toBe('first');
    const standing = connect({ port: opened.port, host: '127.0.0.1', rejectUnauthorized: false });
    await new Promise((resolve) => standing.once('secureConnect', resolve));
    writeCertificate(folder, second);
    await expect.poll(() => shownName(opened.port), { timeout: 10_000 }).toBe('second');
    standing.write('GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n');
    const answer: Buffer[] = [];
    for await (const piece of standing) answer.push(piece as Buffer);
    expect(Buffer.concat(answer).toString()).toContain('200 OK');
  });

  it('that cannot be used leave the old ones', async () => {
    const files = writeCertificate(folder, first);
    const told: string[] = [];
    const applied: unknown[] = [];
    const logger = { ...silentLogger, error: (message: LogEntry['message']) => told.push(message) };
    const options = { section: 'http', tls: configOf({ ...files, reloadMs: 100 }) };
    const following = followCertificates({ setSecureContext: (context) => applied.push(context) }, options, logger);
    writeFileSync(files.certificateFile, 'half a certif');
    await expect.poll(() => told.length).toBe(1);
    expect(applied).toEqual([]);
    writeCertificate(folder, second);
    await expect.poll(() => applied.length).toBeGreaterThan(0);
    following.stop();
  });

  it('of clients are asked for when their authority is set', async () => {
    const authority = makeCertificate({ name: 'authority' });
    const client = makeCertificate({ name: 'client', issuer: authority.authority, serial: 3 });
    const clientCaFile = join(folder, 'ca.crt');
    writeFileSync(clientCaFile, authority.certificate);
    const opened = await openServer(configOf({ ...writeCertificate(folder, first), clientCaFile }));
    server = opened.server;
    const trusting = { ca: first.certificate, servername: 'localhost' };
    expect(await statusOf(opened.port, { ...trusting, cert: client.certificate, key: client.key })).toBe(200);
    expect(await statusOf(opened.port, trusting)).not.toBe(200);
    expect(await statusOf(opened.port, { ...trusting, cert: second.certificate, key: second.key })).not.toBe(200);
  });

  it.each([
    ['a file that is not there', { certificateFile: '/nowhere' }],
    ['a key of another certificate', { key: second.key }],
    ['what is no PEM', { certificate: 'nonsense' }],
  ])('are refused at the start: %s', (_name, change) => {
    const files = { ...writeCertificate(folder, { ...first, ...change }), ...change };
    const tls = configOf({ certificateFile: files.certificateFile, keyFile: files.keyFile });
    expect(() => readServerTls({ section: 'http', tls })).toThrow(/^http\.tls: /);
  });
});
