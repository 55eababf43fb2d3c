import { isFailed, peerOf } from '@faultline/model';
import { describe, expect, it } from 'vitest';
import { operationName } from './operation-name.ts';
import { selfTimeUs } from './self-time.ts';
import { firstSession } from './session.ts';

describe('an operation is the span name without ids', () => {
  it.each([
    ['GET /orders/17', 'GET /orders/{id}'],
    ['GET /orders/0af76519-16cd-43dd-8448-eb211c80319c/lines/3?x=1', 'GET /orders/{id}/lines/{id}'],
    ['/api/v1/travelservice/trips', '/api/v1/travelservice/trips'],
    ['hipstershop.CartService/GetCart', 'hipstershop.CartService/GetCart'],
    ['SELECT orders', 'SELECT orders'],
    ['process 42', 'process 42'],
  ])('%s', (name, operation) => expect(operationName(name)).toBe(operation));
});

describe('a span failed by its status, or by its codes when it has none', () => {
  const server = { kind: 'server', status: 'unset', attributes: {} } as const;
  it.each([
    [{ ...server, status: 'error' as const }, true],
    [{ ...server, attributes: { 'http.response.status_code': '503' } }, true],
    [{ ...server, attributes: { 'http.status_code': '404' } }, false],
    [{ ...server, status: 'ok' as const, attributes: { 'http.status_code': '500' } }, false],
    [{ ...server, attributes: { 'rpc.grpc.status_code': '5' } }, false],
    [{ ...server, kind: 'client' as const, attributes: { 'rpc.grpc.status_code': '5' } }, true],
    [{ ...server, attributes: { 'rpc.grpc.status_code': '14' } }, true],
    [server, false],
  ])('%j', (span, failed) => expect(isFailed(span)).toBe(failed));
});

describe('the peer of a call gets the best name that its attributes give', () => {
  it.each([
    [{ 'peer.service': 'pay', 'server.address': 'x' }, 'pay'],
    [{ 'server.address': 'Cart.shop.svc.cluster.local:80' }, 'cart'],
    [{ 'net.peer.name': 'api.example.com:443' }, 'api.example.com'],
    [{ 'server.address': '10.1.2.3', 'db.system': 'mysql' }, 'mysql'],
    [{ 'server.address': '10.1.2.3' }, '10.1.2.3'],
    [{ 'url.full': 'https://pay.example.com/charge' }, 'pay.example.com'],
    [{ 'messaging.destination.name': 'orders', 'server.address': 'broker' }, 'orders'],
    [{ 'rpc.service': 'shop.Cart' }, 'shop.Cart'],
    [{}, ''],
  ])('%j', (attributes: Record<string, string>, peer) => expect(peerOf({ kind: 'client', attributes })).toBe(peer));

  it('a server names no peer', () => {
    expect(peerOf({ kind: 'server', attributes: { 'peer.service': 'x' } })).toBe('');
  });
});

describe('self time', () => {
  const span = [100, 200] as const;
  it.each([
    ['alone', [], [], 100],
    [
      'children that overlap count once',
      [
        [110, 150],
        [140, 160],
      ],
      [],
      50,
    ],
    [
      'what lies outside does not count',
      [
        [50, 110],
        [190, 300],
        [300, 400],
      ],
      [],
      80,
    ],
    [
      'calls under another parent inside the span',
      [],
      [
        [90, 120],
        [120, 130],
        [180, 210],
      ],
      90,
    ],
    ['itself is no call of its own', [], [[100, 200]], 0],
  ])('%s', (_name, children, instanceCalls, selfUs) => {
    const intervals = (list: number[][]) => list.map(([from = 0, to = 0]) => [from, to] as const);
    expect(selfTimeUs({ span, children: intervals(children), instanceCalls: intervals(instanceCalls) })).toBe(selfUs);
  });

  it('a call span among the calls of its instance is not its own wait', () => {
    expect(selfTimeUs({ span, children: [], instanceCalls: [span] })).toBe(100);
  });
});

describe('a session', () => {
  const rule = { settleMs: 10, maxAgeMs: 60 };
  it.each([
    [[0], { length: 1, dueMs: 10, aged: false }],
    [[0, 9, 18], { length: 3, dueMs: 28, aged: false }],
    [[0, 10], { length: 1, dueMs: 10, aged: false }],
    [[0, 9, 18, 27, 36, 45, 50], { length: 7, dueMs: 60, aged: false }],
    [[0, 9, 18, 27, 36, 45, 54, 59], { length: 8, dueMs: 60, aged: true }],
    [[0, 9, 18, 27, 36, 45, 54, 60], { length: 7, dueMs: 60, aged: true }],
  ])('%j', (times, expected) => expect(firstSession(times, rule)).toEqual(expected));
});
