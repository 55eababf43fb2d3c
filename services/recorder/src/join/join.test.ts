import { expect, it } from 'vitest';
import { baseMs, logBlock, type SpanSpec, spanBlock } from '../testing/block.ts';
import { createAggregate, type DerivedRows } from './aggregate.ts';
import { createInterner } from './intern.ts';
import { createTraceJoin, type TraceJoin } from './join.ts';

const rule = { settleMs: 10_000, maxAgeMs: 60_000 };
const late = { rememberMs: 120_000, maxItems: 1_000 };

/** frontend GET -> client -> cart handle -> (client to a database that sends no spans). */
const shop: readonly SpanSpec[] = [
  { service: 'frontend', id: 1, name: 'GET /', kind: 'server', from: 0, to: 100 },
  { service: 'frontend', id: 2, parent: 1, name: 'POST', kind: 'client', from: 10, to: 90 },
  { service: 'cart', id: 3, parent: 2, name: 'add', kind: 'server', from: 15, to: 80, status: 'error' },
  {
    service: 'cart',
    id: 4,
    parent: 3,
    name: 'SELECT',
    kind: 'client',
    from: 20,
    to: 70,
    status: 'error',
    attributes: { 'db.system': 'postgresql', 'db.name': 'orders', 'server.address': '10.0.0.7' },
  },
];

function start(): TraceJoin {
  return createTraceJoin({ rule, late, interner: createInterner() });
}

function close(join: TraceJoin, atMs = baseMs + 1_000_000): DerivedRows {
  const out = createAggregate();
  join.advance(atMs, out);
  return out.rows();
}

const summary = (rows: DerivedRows) => ({
  edges: rows.edges
    .map(
      (e) => `${e.Caller}>${e.Callee} ${e.Source} ${e.Operation} ${e.Calls}/${e.Errors}${e.Gap.length ? ' gap' : ''}`,
    )
    .sort(),
  self: rows.selfTimes.map((s) => `${s.Service} ${s.Operation} ${s.SettledCalls}/${s.OwnErrors}`).sort(),
  children: rows.children
    .map((c) => `${c.Service} ${c.Operation}>${c.ChildService} ${c.ChildOperation} ${c.Spans}/${c.Calls}/${c.Errors}`)
    .sort(),
});

const whole = {
  edges: ['cart>postgresql/orders client-span SELECT 1/1', 'frontend>cart trace add 1/1 gap'],
  self: ['cart SELECT 1/1', 'cart add 1/0', 'frontend GET / 1/0', 'frontend POST 1/0'],
  children: ['cart add>cart SELECT 1/1/1', 'frontend GET />frontend POST 1/1/0', 'frontend POST>cart add 1/1/1'],
};

const at = (offset: bigint, ms: number, topic: 'spans' | 'logs' = 'spans') => ({ topic, offset, atMs: baseMs + ms });

it('joins a trace that arrived in one block', () => {
  const join = start();
  join.addSpans(at(0n, 0), spanBlock(shop));
  expect(summary(close(join))).toEqual(whole);
});

it.each([
  ['parents first', [0, 1, 2, 3]],
  ['parents last', [3, 2, 1, 0]],
  ['mixed', [2, 0, 3, 1]],
])('joins across blocks, %s', (_name, order) => {
  const join = start();
  for (const [offset, index] of order.entries())
    join.addSpans(at(BigInt(offset), offset * 3_000), spanBlock(shop.filter((_, i) => i === index)));
  expect(summary(close(join))).toEqual(whole);
});

it('a parent that never arrives makes no edge', () => {
  const join = start();
  join.addSpans(at(0n, 0), spanBlock(shop.filter(({ id }) => id === 3)));
  expect(summary(close(join))).toEqual({ edges: [], self: ['cart add 1/1'], children: [] });
});

it('a span later than the settling time starts another session', () => {
  const join = start();
  join.addSpans(at(0n, 0), spanBlock(shop.slice(0, 2)));
  join.addSpans(at(1n, 10_000), spanBlock(shop.slice(2)));
  expect(summary(close(join)).edges).toEqual(['cart>postgresql/orders client-span SELECT 1/1']);
});

it('a session closes when it is due and not before', () => {
  const join = start();
  join.addSpans(at(0n, 0), spanBlock(shop));
  expect(close(join, baseMs + 9_999).selfTimes).toEqual([]);
  expect(join.pendingItems).toBe(4);
  expect(join.lowWatermark('spans')).toBe(0n);
  expect(close(join, baseMs + 10_000).selfTimes).toHaveLength(4);
  expect(join.pendingItems).toBe(0);
  expect(join.lowWatermark('spans')).toBeNull();
});

it('a trace without a pause is split into sessions, and the split is remembered', () => {
  const join = start();
  for (let second = 0; second < 80; second += 5)
    join.addSpans(at(BigInt(second), second * 1_000), spanBlock([{ service: 'a', id: second + 1, from: 0, to: 1 }]));
  expect(close(join, baseMs + 60_000).selfTimes[0]?.SettledCalls).toBe(12);
  expect(join.marks().aged).toEqual([{ trace: 't/00000000000000000000000000000001', untilMs: baseMs + 60_000 }]);
  expect(join.lowWatermark('spans')).toBe(60n);
  expect(close(join, baseMs + 85_000).selfTimes[0]?.SettledCalls).toBe(4);
  expect(join.marks().aged).toEqual([]);
});

it('lines count for the operation of their span, whichever arrived first', () => {
  const join = start();
  const lines = [
    { service: 'cart', body: 'cart not found', trace: 1, span: 3, severity: 17 },
    { service: 'cart', body: 'cart not found', trace: 1, span: 3, severity: 17 },
    { service: 'cart', body: 'who am I', trace: 1, span: 99 },
  ];
  const out = createAggregate();
  join.addLogs(at(0n, 0, 'logs'), logBlock(lines), out);
  join.addLogs(at(1n, 0, 'logs'), logBlock([{ service: 'cart', body: 'started', at: 0 }]), out);
  join.addSpans(at(0n, 5_000), spanBlock(shop));
  join.advance(baseMs + 15_000, out);
  const templates = out.rows().templates.map((t) => [t.Operation, t.Text, t.Lines, t.Spans, t.SeverityNumber]);
  expect(templates).toEqual([
    ['', 'started', 1, 1, 9],
    ['add', 'cart not found', 2, 1, 17],
    ['', 'who am I', 1, 1, 9],
  ]);
});

it('self time excludes calls of the same instance under another parent', () => {
  const join = start();
  join.addSpans(
    at(0n, 0),
    spanBlock([
      { service: 'a', id: 1, name: 'root', kind: 'server', from: 0, to: 100 },
      { service: 'a', id: 2, parent: 1, name: 'step', from: 10, to: 80 },
      { service: 'a', id: 3, parent: 1, name: 'call', kind: 'client', from: 20, to: 70 },
    ]),
  );
  const selfMs = new Map(
    close(join).selfTimes.map((row) => [row.Operation, 2 ** ((row.Self[0]?.[0] ?? 0) / 8) / 1000]),
  );
  expect(selfMs.get('step')).toBeCloseTo(20, -1);
  expect(selfMs.get('root')).toBeCloseTo(30, -1);
});

it('nested client spans are one call', () => {
  const join = start();
  const attributes = { 'server.address': 'pay.example.com' };
  join.addSpans(
    at(0n, 0),
    spanBlock([
      { service: 'a', id: 1, name: 'charge', kind: 'client', from: 0, to: 100, attributes },
      { service: 'a', id: 2, parent: 1, name: 'POST', kind: 'client', from: 10, to: 80, attributes },
    ]),
  );
  expect(summary(close(join)).edges).toEqual(['a>pay.example.com client-span charge 1/0']);
});

it('a queue is between a producer and a consumer of different traces, and not when they share a trace', () => {
  const attributes = { 'messaging.destination.name': 'orders' };
  const producer = { service: 'shop', id: 1, name: 'send', kind: 'producer', from: 0, to: 5, attributes } as const;
  const consumer = { service: 'mail', id: 2, name: 'take', kind: 'consumer', from: 9, to: 20, attributes } as const;
  const apart = start();
  apart.addSpans(at(0n, 0), spanBlock([producer, { ...consumer, trace: 2 }]));
  expect(summary(close(apart)).edges).toEqual(['orders>mail client-span take 1/0', 'shop>orders client-span send 1/0']);
  const linked = start();
  const links = JSON.stringify([{ traceId: '00000000000000000000000000000001', spanId: '0000000000000001' }]);
  linked.addSpans(at(0n, 0), spanBlock([producer, { ...consumer, links }]));
  expect(summary(close(linked)).edges).toEqual(['shop>mail trace take 1/0']);
});

it('a cycle of parents is harmless', () => {
  const join = start();
  join.addSpans(
    at(0n, 0),
    spanBlock([
      { service: 'a', id: 1, parent: 2, from: 0, to: 9, kind: 'client' },
      { service: 'b', id: 2, parent: 1, from: 1, to: 8, kind: 'server' },
      { service: 'b', id: 3, parent: 3, from: 1, to: 8 },
    ]),
  );
  expect(summary(close(join)).edges).toHaveLength(2);
});

it('one trace id in two tenants is two traces', () => {
  const join = start();
  const mine = spanBlock(shop.slice(0, 2));
  const theirs = spanBlock(shop.slice(2));
  const resources = theirs.resources.map((resource) => ({ ...resource, scope: { tenant: 'u', environment: 'e' } }));
  join.addSpans(at(0n, 0), mine);
  join.addSpans(at(1n, 0), { ...theirs, resources });
  expect(summary(close(join)).edges).toEqual(['cart>postgresql/orders client-span SELECT 1/1']);
});
