import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { authConfig, createAuthenticator, hashToken, mayActAs, type Role } from '@faultline/runtime';
import { makeCertificate, writeCertificate } from '@faultline/runtime/testing';
import { Client, credentials, Metadata } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Harness, openToAll, startHarness } from '../testing/harness.ts';
import { loadContract } from './proto.ts';
import { namedOperations, roleOf } from './roles.ts';

const roles: readonly Role[] = ['source', 'viewer', 'responder', 'admin'];
const authenticator = createAuthenticator(
  authConfig.parse({
    tokens: roles.map((role) => ({
      name: role,
      hash: hashToken(`token-${role}`),
      role,
      source: role === 'source' ? 'otlp' : null,
    })),
  }),
);

/** gRPC: 0 OK, 5 NOT_FOUND, 7 PERMISSION_DENIED. */
const asked: readonly (readonly [string, string, object])[] = [
  ['IncidentService/ListIncidents', 'viewer', {}],
  ['IncidentService/GetIncident', 'viewer', { id: 'none' }],
  ['IncidentService/ListStageTimes', 'viewer', {}],
  ['LedgerService/GetLedger', 'viewer', {}],
  ['HygieneService/GetHygiene', 'viewer', {}],
  ['IncidentService/RecordRemediation', 'responder', { id: 'none', kind: 'scaled' }],
  ['IncidentService/Acknowledge', 'responder', { id: 'none' }],
  ['IncidentService/AddNote', 'responder', { id: 'none', text: 'x' }],
  ['TopologyService/DeclareGraph', 'admin', { source: 's', edges: [] }],
  ['LedgerService/ListDeadLetters', 'admin', {}],
];

describe('a token may ask for what its role allows', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await startHarness({ authenticator });
  });
  afterAll(() => harness.stop());

  const codeOf = (rpc: string, request: object, role: Role) =>
    harness.grpc(rpc, { ...request }, { authorization: `Bearer token-${role}` }).then(
      () => 0,
      (error: { code: number }) => error.code,
    );

  it.each(asked)('%s needs %s, over gRPC', async (rpc, needed, request) => {
    const codes = await Promise.all(roles.map((role) => codeOf(rpc, request, role)));
    expect(codes.map((code) => code !== 7)).toEqual(roles.map((role) => mayActAs(role, needed as Role)));
  });

  it.each([
    ['GET', '/api/v1/incidents', 'viewer'],
    ['POST', '/api/v1/incidents/none/acknowledge', 'responder'],
    ['POST', '/api/v1/graph', 'admin'],
    ['GET', '/api/v1/dead-letters', 'admin'],
    ['GET', '/api/v1/incidents/none/export', 'admin'],
    ['GET', '/api/v1/incidents/none/postmortem', 'viewer'],
  ] as const)('%s %s needs %s', async (method, url, needed) => {
    const statuses = await Promise.all(
      roles.map((role) =>
        harness.http.inject({ method, url, headers: { authorization: `Bearer token-${role}` }, payload: {} }),
      ),
    );
    expect(statuses.map(({ statusCode }) => statusCode !== 403)).toEqual(roles.map((role) => mayActAs(role, needed)));
  });
});

it('the table names every method of the contract, and no other', () => {
  const services = new Set(namedOperations.map((name) => name.split('/', 1)[0] ?? ''));
  const methods = [...services].flatMap((service) => methodsOf(service).map((method) => `${service}/${method}`));
  expect([...namedOperations].sort()).toEqual(methods.sort());
});

/** The names of the methods, as the contract's text has them. */
function methodsOf(service: string): string[] {
  const folder = new URL('../../../../protos/', import.meta.url);
  const texts = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.proto'))
    .map((file) => readFileSync(new URL(file, folder), 'utf8'));
  const body = texts.map((text) => new RegExp(`service ${service} \\{([^]*?)\\n\\}`).exec(text)?.[1] ?? '').join('');
  return [...body.matchAll(/rpc (\w+)/g)].map((match) => match[1] ?? '');
}

it('an operation that is not in the table is for administrators', () => {
  expect(roleOf({ service: 'LedgerService', method: 'Unheard' })).toBe('admin');
});

it('the gRPC API is served over TLS, and shows a new certificate to new connections', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tls-'));
  const [first, second] = [makeCertificate({ name: 'first' }), makeCertificate({ name: 'second', serial: 2 })];
  const tls = { ...writeCertificate(folder, first), reloadMs: 100 };
  const harness = await startHarness({ authenticator: openToAll, config: { tls } });
  const { input, output } = loadContract().method('IncidentService', 'ListIncidents');
  const ask = (trusted: string) => {
    const client = new Client(`localhost:${harness.grpcPort}`, credentials.createSsl(Buffer.from(trusted)), {
      'grpc.use_local_subchannel_pool': 1,
    });
    return new Promise<number>((resolve) => {
      const done = (error: { code: number } | null) => {
        client.close();
        resolve(error?.code ?? 0);
      };
      const path = '/faultline.v1.IncidentService/ListIncidents';
      const deadline = { deadline: Date.now() + 3000 };
      client.makeUnaryRequest(path, input.encode, output.decode, {}, new Metadata(), deadline, done);
    });
  };
  expect([await ask(first.certificate), await ask(second.certificate)]).toEqual([0, 14]);
  writeCertificate(folder, second);
  await expect.poll(() => ask(second.certificate), { timeout: 15_000 }).toBe(0);
  await harness.stop();
  rmSync(folder, { recursive: true, force: true });
});
