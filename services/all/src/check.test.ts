/** `config check` finds what `npm start` refuses: the cases of start-errors.test.ts, all at once. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CheckOptions, runCheck } from './check.ts';

const folder = mkdtempSync(join(tmpdir(), 'faultline-check-'));
let taken: Server;
let port = 0;
beforeAll(async () => {
  taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  port = (taken.address() as { port: number }).port;
});
afterAll(() => {
  taken.close();
  rmSync(folder, { recursive: true, force: true });
});

async function check(config: object, options: Partial<CheckOptions> = {}) {
  const file = join(folder, 'faultline.yaml');
  writeFileSync(file, JSON.stringify(config));
  let out = '';
  let errors = '';
  const code = await runCheck({
    config: [file],
    data: join(folder, 'data'),
    env: {},
    write: (text) => {
      out += text;
    },
    writeError: (text) => {
      errors += text;
    },
    ...options,
  });
  return { code, out, errors };
}

const freePorts = { http: { port: 0 }, ingest: { otlpHttp: { port: 0 }, otlpGrpc: { port: 0 } }, query: { port: 0 } };

it('a good configuration is good', async () => {
  const { code, out, errors } = await check(freePorts);
  expect({ code, errors }).toEqual({ code: 0, errors: '' });
  expect(out).toMatch(/faultline\.yaml: the configuration is valid\n$/);
});

it('finds everything that a start refuses, at once', async () => {
  const config = {
    ...freePorts,
    http: { host: '0.0.0.0', port, tls: { certificateFile: '/no/such.pem', keyFile: import.meta.filename } },
    query: { port },
    log: { level: 'shout' },
    notifire: {},
  };
  const { code, errors } = await check(config, { data: import.meta.filename });
  expect(code).toBe(1);
  for (const text of [
    'notifire: unknown key',
    'log.level: expected',
    'http: refusing to listen on 0.0.0.0',
    `http, query: all use port ${port}`,
    `query: 127.0.0.1:${port} is in use`,
    'store.folder: ',
    'is not a folder',
    'http.tls: ENOENT',
  ])
    expect(errors).toContain(text);
});

it('finds mappings that cannot be compiled, secrets of no source, and a wrong time zone beside a wrong recurrence', async () => {
  const rule = {
    name: 'r',
    owner: 'shop',
    match: { service: 'pay' },
    durationMs: 3_600_000,
    start: '2026-12-01T22:00:00',
  };
  const { code, errors } = await check({
    ...freePorts,
    ingest: {
      ...freePorts.ingest,
      mappings: [{ name: 'pinger', expression: '{ "alerts": [{ "name": check }' }],
      removedEntityRules: ['service:ap'],
      signingSecrets: [
        { source: 'githb', secret: 'hush' },
        { source: 'pinger', secret: 'hush' },
      ],
    },
    correlator: {
      overrides: [{ ...rule, expiresAt: '2027-01-01T00:00:00Z', timeZone: 'Europe/Berln', rrule: 'FREQ=SOMETIMES' }],
    },
  });
  expect(code).toBe(1);
  for (const text of [
    /ingest\.mappings\[0\]\.expression: expected JSONata for the source pinger \(.*character \d+ of the expression\)/,
    /ingest\.removedEntityRules\[0\]: .*did you mean "service:app"/,
    /ingest\.signingSecrets\[0\]\.source: expected a source that signs \(did you mean `github`\?\)/,
    /ingest\.signingSecrets\[1\]\.source: expected a source that signs/,
    /correlator\.overrides\[0\]\.timeZone: expected an IANA time zone/,
    /correlator\.overrides\[0\]\.rrule: expected a recurrence/,
  ])
    expect(errors).toMatch(text);
});

it('warns of rules that hold nothing back', async () => {
  const rule = {
    name: 'r',
    owner: 'shop',
    match: { service: 'pay' },
    durationMs: 3_600_000,
    start: '2026-12-01T22:00:00',
    expiresAt: '2027-01-01T00:00:00Z',
  };
  const overrides = [
    rule,
    { ...rule, expiresAt: '2026-12-01T00:00:00Z', start: '2026-11-01T00:00:00' },
    { ...rule, durationMs: 3600 },
    { ...rule, start: '2027-02-01T00:00:00' },
    { ...rule, match: { servce: 'pay', device: 'sda' } },
    { ...rule, start: '2026-11-01T22:00:00' },
  ];
  const options = { nowMs: Date.parse('2026-12-01T12:00:00Z') };
  const { code, out, errors } = await check({ ...freePorts, correlator: { overrides } }, options);
  expect({ code, out }).toEqual({ code: 0, out: expect.stringMatching(/is valid\n$/) });
  expect(errors.match(/correlator\.\S+(?=: )/g)).toEqual([
    'correlator.overrides[1].expiresAt',
    'correlator.overrides[2].durationMs',
    'correlator.overrides[3].start',
    'correlator.overrides[5].start',
    'correlator.overrides[4].match.servce',
  ]);
});

it('checks only what the chosen services need', async () => {
  const config = { ...freePorts, query: { host: '0.0.0.0', port } };
  expect((await check(config, { only: 'ingest' })).code).toBe(0);
  expect((await check(config)).errors).toMatch(/query: refusing.*query: 0\.0\.0\.0:/s);
  expect((await check(config, { only: 'qeury' })).errors).toContain('[ALL_UNKNOWN_SERVICE]');
});

it('finds a path that cannot be a folder', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'faultline-check-')), 'file');
  writeFileSync(file, '');
  expect((await check(freePorts, { data: join(file, 'data') })).errors).toMatch(/bus\.folder: .*file is not a folder/);
});

it('finds a cluster without credentials, where it is watched', async () => {
  const config = { ...freePorts, kube: { enabled: true, kubeconfig: '/no/such' } };
  expect((await check(config)).errors).toContain('kube: /no/such cannot be read: ENOENT');
  expect((await check(config, { only: 'query' })).code).toBe(0);
}, 30_000);

describe('topics of Kafka', () => {
  const topic = { name: 'theirs', topic: 'their-logs', encoding: 'otlp_json', signal: 'logs' };
  const checkTopic = (entry: object, config: object = {}, options: Partial<CheckOptions> = {}) =>
    check({ ...freePorts, ...config, ingest: { ...freePorts.ingest, kafka: [{ ...topic, ...entry }] } }, options);

  it('need a cluster while the log is embedded, where they are read', async () => {
    const { code, errors } = await checkTopic({});
    expect(code).toBe(1);
    expect(errors).toContain('ingest.kafka[0].cluster: expected the brokers of the topic their-logs, found null');
    expect((await checkTopic({}, {}, { only: 'query' })).code).toBe(0);
    expect((await checkTopic({}, { bus: { kind: 'kafka' } })).code).toBe(0);
    expect((await checkTopic({ cluster: { brokers: ['kafka:9092'] } })).code).toBe(0);
  });

  it('need key files that can be read, and a password with a login', async () => {
    const tls = { enabled: true, caFile: '/no/such.pem' };
    const login = { mechanism: 'plain', username: 'us' };
    expect((await checkTopic({ cluster: { tls } })).errors).toContain(
      'ingest.kafka[0].cluster.tls.caFile: the file /no/such.pem cannot be read',
    );
    const { errors } = await checkTopic({}, { bus: { kind: 'kafka', kafka: { sasl: login } } });
    expect(errors).toContain('bus.kafka.sasl.password: expected the password of the login');
  });
});
