import { describe, expect, it } from 'vitest';
import type { Change, ClusterChange } from './change.ts';
import { codecs } from './codec.ts';
import { compileSchema, fingerprintOf } from './schema-version.ts';
import { releasedSchemas, schemas } from './schemas.generated.ts';
import type { SpanBlock } from './telemetry.ts';

const block: SpanBlock = {
  source: 'otlp',
  requestHash: 'ab',
  receivedAtMs: 1_700_000_000_123,
  resources: [
    {
      scope: { tenant: 't', environment: 'e' },
      attributes: { 'service.name': 'cart' },
      entities: { service: 'cart' },
      scopeName: '',
      scopeVersion: '',
    },
  ],
  items: [
    {
      resource: 0,
      traceId: '0af7651916cd43dd8448eb211c80319c',
      spanId: 'b7ad6b7169203331',
      parentSpanId: '',
      name: 'GET /',
      kind: 'server',
      status: 'error',
      statusMessage: 'boom',
      startNs: 1_700_000_000_123_456_789n,
      durationNs: 1_000_001n,
      traceState: '',
      attributes: { a: 'b' },
      events: '',
      links: '',
    },
  ],
};

it('a block comes back as it went, to the nanosecond', () => {
  const decoded = codecs.spanBlock.decode(codecs.spanBlock.encode(block));
  expect(decoded).toMatchObject({ ok: true });
  expect(decoded.ok && JSON.stringify(decoded.value, text)).toBe(JSON.stringify(block, text));
});

it.each([1, 1000, 200_000, 1_048_560, 3_000_000, 20_000_000])('a body of %i bytes comes back whole', (length) => {
  const [item] = block.items;
  const long = { ...block, items: [{ ...item, name: 'x'.repeat(length) }, item] } as SpanBlock;
  const decoded = codecs.spanBlock.decode(codecs.spanBlock.encode(long));
  expect(decoded.ok && decoded.value.items.map(({ name }) => name.length)).toEqual([length, 5]);
});

it('bytes given out stay as they are when more is encoded', () => {
  const first = codecs.spanBlock.encode(block);
  const before = Buffer.from(first).toString('hex');
  codecs.spanBlock.encode({ ...block, requestHash: 'other' });
  expect(Buffer.from(first).toString('hex')).toBe(before);
});

it('a command keeps only the fields of its kind', () => {
  const command = {
    id: 'c',
    scope: { tenant: 't', environment: 'e' },
    incidentId: 'i',
    expectedRevision: null,
    actor: 'me',
    atMs: 1,
    action: { kind: 'note', text: 'hello' },
  } as const;
  expect(codecs.command.decode(codecs.command.encode(command))).toEqual({ ok: true, value: command });
});

it('a dead letter takes any bytes', () => {
  const letter = {
    id: 'a',
    source: 's',
    signal: '',
    items: 1,
    code: 'C',
    reason: 'r',
    receivedAtMs: 1,
    contentType: '',
    payload: new Uint8Array([9, 1, 2]).subarray(1),
  } as const;
  const decoded = codecs.deadLetter.decode(codecs.deadLetter.encode(letter));
  expect(decoded.ok && [...decoded.value.payload]).toEqual([1, 2]);
});

it.each([new Uint8Array(), new Uint8Array([0xc3, 1]), new Uint8Array(30).fill(7)])(
  'bytes that are not ours are refused, not thrown at',
  (bytes) => {
    expect(codecs.alert.decode(bytes).ok).toBe(false);
  },
);

it('a body cut short is refused', () => {
  expect(codecs.spanBlock.decode(codecs.spanBlock.encode(block).subarray(0, 40)).ok).toBe(false);
});

it('the fingerprint is the one of the Avro specification', () => {
  // CRC-64-AVRO of "int": the test vector of the Avro project's own schema-tests.txt, 7275d51a3f395c8f.
  expect(fingerprintOf({ type: 'int' }).readBigUInt64LE().toString(16)).toBe('7275d51a3f395c8f');
});

it.each(releasedSchemas)('today reads the released schema of $name', ({ name, schema }) => {
  const current = schemas[name as keyof typeof schemas];
  expect(() => compileSchema(current).createResolver(compileSchema(schema))).not.toThrow();
});

function text(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}n` : value;
}

describe('a change', () => {
  const change: Change = {
    id: 'c',
    scope: { tenant: 't', environment: '' },
    source: 'kubernetes',
    kind: 'deploy',
    entities: { workload: 'pay' },
    summary: 'deploy pay',
    actor: 'ann',
    startedAtMs: 1,
    endedAtMs: null,
    version: '2',
    previousVersion: '1',
    url: '',
    receivedAtMs: 2,
    raw: '',
  };
  const cluster: ClusterChange = {
    object: { kind: 'Deployment', namespace: 'shop', name: 'pay' },
    revision: '7',
    manager: 'kubectl-edit',
    commit: '',
    images: [{ container: 'pay', from: 'pay:1', to: 'pay:2' }],
    paths: [{ path: 'spec.replicas', from: '1', to: null }],
    omittedPaths: 0,
    rollout: { state: 'stuck', reason: 'ProgressDeadlineExceeded', updated: 1, available: 0, desired: 3, atMs: 5 },
  };

  it('is read as it was written, with what it did to a cluster', () => {
    const release = {
      repository: 'shop/pay',
      commit: 'a1b2c3d',
      previousCommit: '',
      images: ['pay:2'],
      commits: [{ id: 'a1b2c3d', author: 'ann', message: 'm', url: '', files: ['a.ts'] }],
      omittedCommits: 0,
    };
    const value = { ...change, cluster, release };
    expect(codecs.change.decode(codecs.change.encode(value))).toEqual({ ok: true, value });
  });

  it('needs no cluster', () => {
    expect(codecs.change.decode(codecs.change.encode(change))).toEqual({
      ok: true,
      value: { ...change, cluster: null, release: null },
    });
  });
});
