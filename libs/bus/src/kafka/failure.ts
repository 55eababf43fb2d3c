/** Classifies errors of Kafka and of its client, by code or class, never by message text. */

import { AppError } from '@faultline/runtime';
import { busError } from '../bus-error.ts';

/**
 * What to do about an error:
 * - `stale`: look up the leader or coordinator again, then retry.
 * - `busy`: retry unchanged.
 * - `unreachable`: the connection broke or timed out. Retry.
 * - `fenced`: another holder took over.
 * - `member`: the group does not know us, or not in this generation. Join again.
 * - `rebalance`: the group is rebalancing. Join again.
 * - `too-large`: the record will never be accepted.
 * - `out-of-range`: the offset is not retained.
 * - `broken`: the producer must be initialised again.
 * - `denied`: wrong credentials or missing permissions.
 * - `other`: anything else.
 */
export type FailureKind =
  | 'stale'
  | 'busy'
  | 'unreachable'
  | 'fenced'
  | 'member'
  | 'rebalance'
  | 'too-large'
  | 'out-of-range'
  | 'broken'
  | 'denied'
  | 'other';

/** Error codes of the protocol (kafka.apache.org/protocol#protocol_error_codes). */
const kinds: Readonly<Record<Exclude<FailureKind, 'unreachable' | 'other'>, readonly number[]>> = {
  // Unknown topic, no leader, not the leader, replica, listener, leader epoch, storage; not the coordinator; offset not
  // available yet.
  stale: [3, 5, 6, 9, 15, 16, 56, 72, 74, 75, 76, 78, 100],
  // Timed out at the broker, coordinator loading, too few in-sync replicas, former transaction still ending.
  busy: [7, 13, 14, 19, 20, 51, 88],
  fenced: [47, 90],
  member: [22, 25, 79, 82, 110],
  rebalance: [27],
  'too-large': [10, 18],
  'out-of-range': [1],
  broken: [45, 48, 49, 59, 120],
  denied: [29, 30, 31, 53, 54, 58],
};

const kindByCode = new Map<number, FailureKind>(
  Object.entries(kinds).flatMap(([kind, codes]) => codes.map((code) => [code, kind as FailureKind] as const)),
);

const unreachable = new Set([
  'KafkaJSConnectionError',
  'KafkaJSConnectionClosedError',
  'KafkaJSRequestTimeoutError',
  'KafkaJSInvariantViolation',
]);
const denied = new Set(['KafkaJSSASLAuthenticationError', 'KafkaJSUnsupportedMagicByteInMessageSet']);

/** Classifies an error. */
export function decideFailure(error: unknown): FailureKind {
  if (error instanceof AppError) return error.code === 'BUS_UNAVAILABLE' ? 'unreachable' : 'other';
  if (!(error instanceof Error)) return 'other';
  if (unreachable.has(error.name)) return 'unreachable';
  if (denied.has(error.name)) return 'denied';
  const { code } = error as { code?: unknown };
  return typeof code === 'number' ? (kindByCode.get(code) ?? 'other') : 'other';
}

/** Whether a retry may succeed. */
export const mayRetry = (kind: FailureKind): boolean => kind === 'stale' || kind === 'busy' || kind === 'unreachable';

/** Translates an error of a failed request into an error of the port. `doing` says what was attempted. */
export function translate(error: unknown, doing: string): AppError {
  if (error instanceof AppError) return error;
  const reason = `${doing}: ${error instanceof Error ? error.message : String(error)}`;
  switch (decideFailure(error)) {
    case 'fenced':
    case 'member':
      return busError('BUS_FENCED', reason, error);
    case 'too-large':
      return busError('BUS_RECORD_TOO_LARGE', reason, error);
    case 'denied':
      return busError('BUS_DENIED', reason, error);
    default:
      return busError('BUS_UNAVAILABLE', reason, error);
  }
}
