/** A failed start prints one message that says what to do, and ends with code 1. */
import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Running, runMainProcess, testFolder } from './testing/child.ts';

const folder = testFolder();
let holder: Running;
let taken: Server;
let port = 0;
beforeAll(async () => {
  taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  port = (taken.address() as { port: number }).port;
  holder = runMainProcess({ folder });
  await holder.up;
}, 30_000);
afterAll(async () => {
  holder.process.kill('SIGTERM');
  await holder.ended;
  taken.close();
  rmSync(folder, { recursive: true, force: true });
});

const token = { name: 'a', hash: `sha256:${'0'.repeat(64)}`, role: 'admin' };

/** `text`: parts of the message, the error code last. */
const failures = [
  {
    name: 'the HTTP port in use',
    config: () => ({ http: { port } }),
    text: ['http: 127.0.0.1:', 'in use', 'configure another', '[RUNTIME_ADDRESS_IN_USE]'],
  },
  {
    name: 'the OTLP gRPC port in use',
    config: () => ({ ingest: { otlpGrpc: { port }, otlpHttp: { port: 0 } } }),
    text: ['ingest.otlpGrpc: 127.0.0.1:', 'in use', '[RUNTIME_ADDRESS_IN_USE]'],
  },
  {
    name: 'the OTLP HTTP port in use',
    config: () => ({ ingest: { otlpGrpc: { port: 0 }, otlpHttp: { port } } }),
    text: ['ingest.otlpHttp: 127.0.0.1:', 'in use', '[RUNTIME_ADDRESS_IN_USE]'],
  },
  {
    name: 'the query port in use',
    config: () => ({ query: { port } }),
    text: ['query: 127.0.0.1:', 'in use', '[RUNTIME_ADDRESS_IN_USE]'],
  },
  {
    name: 'an unknown key',
    config: () => ({ http: { prot: 1 } }),
    text: ['http.prot', 'did you mean', 'port', '[RUNTIME_CONFIG_INVALID]'],
  },
  {
    name: 'a host that others can reach, without tokens',
    config: () => ({ http: { port: 0, host: '0.0.0.0' } }),
    text: ['http: refusing', 'auth.tokens', '[RUNTIME_OPEN_ADDRESS]'],
  },
  {
    name: 'a mapping that cannot be compiled',
    config: () => ({ ingest: { mappings: [{ name: 'pinger', expression: '{ "alerts": ' }] } }),
    text: ['ingest.mappings[0].expression', 'pinger', '[RUNTIME_CONFIG_INVALID]'],
  },
  {
    name: 'a token that is sent where only its hash belongs',
    config: () => ({ auth: { tokens: [{ ...token, hash: 'flt_plain-token' }] } }),
    text: ['auth.tokens', 'hash-token', '[RUNTIME_CONFIG_INVALID]'],
  },
  {
    name: 'a topic without a cluster, while the log is embedded',
    config: () => ({ ingest: { kafka: [{ name: 'a', topic: 'their-logs', encoding: 'otlp_json', signal: 'logs' }] } }),
    text: ['their-logs', 'cluster.brokers', '[BUS_NO_CLUSTER]'],
  },
  { name: 'bad YAML', config: () => 'http: { port: 1\nlog: [', text: ['line', '[RUNTIME_CONFIG_UNREADABLE]'] },
  {
    name: 'an unknown service',
    config: () => ({}),
    args: ['--only', 'ingest,recoder'],
    text: ['recoder', 'recorder', '[ALL_UNKNOWN_SERVICE]'],
  },
];

describe('says what to do', () => {
  it.each(failures)('$name', async ({ config, args = [], text }) => {
    const own = testFolder();
    await expectFailure(runMainProcess({ config: config(), folder: own, args }), text);
    rmSync(own, { recursive: true, force: true });
  });

  it('a data folder that another process holds', async () => {
    await expectFailure(runMainProcess({ folder }), [
      `process ${holder.process.pid}`,
      'another folder',
      '[BUS_FOLDER_LOCKED]',
    ]);
  });

  it('a data folder that may not be written', async () => {
    const own = testFolder();
    chmodSync(own, 0o555);
    // The mode of a folder does not bind root, so root drops its capabilities first.
    const before = process.getuid?.() === 0 ? ['setpriv', '--bounding-set=-all', '--inh-caps=-all'] : [];
    await expectFailure(runMainProcess({ folder: own, before }), [own, 'permission', '[BUS_NO_PERMISSION]']);
    rmSync(own, { recursive: true, force: true });
  });

  it('a data folder that is a file', async () => {
    await expectFailure(runMainProcess({ folder: import.meta.filename }), ['not a folder', '[BUS_FOLDER_UNUSABLE]']);
  });

  it('a flag that does not exist', async () => {
    const own = testFolder();
    await expectFailure(runMainProcess({ folder: own, args: ['--dta', 'x'] }), ['--dta', '--data', '[ALL_BAD_FLAG]']);
  });
});

async function expectFailure(running: Running, text: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await running.ended;
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  for (const part of text) expect(stderr).toContain(part);
  expect(stderr).not.toMatch(/^\s+at /m);
  // Log lines are one JSON object each. Everything else is the one message.
  const told = stderr.split('\n').filter((line) => !line.startsWith('{'));
  expect(told[0]).toMatch(/^faultline did not start: /);
  expect(told.filter((line) => /^\S/.test(line))).toHaveLength(1);
}
