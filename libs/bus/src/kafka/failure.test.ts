import { AppError } from '@faultline/runtime';
import { expect, test } from 'vitest';
import { decideFailure, mayRetry, translate } from './failure.ts';
import { protocolError } from './kafkajs.ts';

test.each([
  ['NOT_LEADER_OR_FOLLOWER', 6, 'stale'],
  ['NOT_COORDINATOR', 16, 'stale'],
  ['NOT_ENOUGH_REPLICAS', 19, 'busy'],
  ['CONCURRENT_TRANSACTIONS', 51, 'busy'],
  ['INVALID_PRODUCER_EPOCH', 47, 'fenced'],
  ['PRODUCER_FENCED, which kafkajs does not know', 90, 'fenced'],
  ['UNKNOWN_MEMBER_ID', 25, 'member'],
  ['ILLEGAL_GENERATION', 22, 'member'],
  ['REBALANCE_IN_PROGRESS', 27, 'rebalance'],
  ['MESSAGE_TOO_LARGE', 10, 'too-large'],
  ['OFFSET_OUT_OF_RANGE', 1, 'out-of-range'],
  ['OUT_OF_ORDER_SEQUENCE_NUMBER', 45, 'broken'],
  ['TOPIC_AUTHORIZATION_FAILED', 29, 'denied'],
  ['POLICY_VIOLATION', 44, 'other'],
])('%s is classified by its code', (_, code, kind) => {
  expect(decideFailure(protocolError(code))).toBe(kind);
});

test.each([
  ['KafkaJSConnectionError', 'unreachable'],
  ['KafkaJSRequestTimeoutError', 'unreachable'],
  ['KafkaJSSASLAuthenticationError', 'denied'],
  ['TypeError', 'other'],
])('errors of the client are classified by their class: %s', (name, kind) => {
  expect(decideFailure(Object.assign(new Error('any text'), { name }))).toBe(kind);
});

test('only transient errors are retried', () => {
  expect(['stale', 'busy', 'unreachable'].every((kind) => mayRetry(kind as 'stale'))).toBe(true);
  for (const kind of ['fenced', 'member', 'too-large', 'broken', 'denied', 'other', 'out-of-range'] as const)
    expect(mayRetry(kind)).toBe(false);
});

test.each([
  [47, 'BUS_FENCED', 'permanent'],
  [22, 'BUS_FENCED', 'permanent'],
  [10, 'BUS_RECORD_TOO_LARGE', 'permanent'],
  [29, 'BUS_DENIED', 'permanent'],
  [6, 'BUS_UNAVAILABLE', 'transient'],
  [45, 'BUS_UNAVAILABLE', 'transient'],
])('error %i of the protocol is reported as %s', (code, told, kind) => {
  expect(translate(protocolError(code), 'writing')).toMatchObject({ code: told, kind });
});

test('our own errors pass unchanged', () => {
  const own = new AppError('BUS_BAD_COMMIT', 'x', { kind: 'permanent' });
  expect(translate(own, 'writing')).toBe(own);
});
