/** What an error of Kafka or of its client means to us. Decided by code or class, never by message text. */

import { AppError } from '@faultline/runtime';
import { busError } from '../bus-error.ts';

/**
 * `stale`: ask again who leads or coordinates, then try again. `busy`: try again as it is. `unreachable`: the connection broke or no answer came in time.
 * `fenced`: another holder took over. `member`: the group does not know us, or not in this generation. `rebalance`: the group is being shared out
 * anew. `too-large`: this record will never be taken. `out-of-range`: the offset is not kept. `broken`: the producer must be set up anew.
 * `denied`: credentials or rights. `other`: anything else.
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

/** Codes of the protocol (kafka.apache.org/protocol#protocol_error_codes). */
const kinds: Readonly<Record<Exclude<FailureKind, 'unreachable' | 'other'>, readonly number[]>> = {
  // Unknown topic, no leader, not the leader, replica, listener, leader epochs, storage; not the coordinator; offset not available yet.
  stale: [3, 5, 6, 9, 15, 16, 56, 72, 74, 75, 76, 78, 100],
  // Timed out at the broker, coordinator loading, too few replicas in sync, the former transaction still ending.
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

/** What an error means to us. */
export function decideFailure(error: unknown): FailureKind {
  if (error instanceof AppError) return error.code === 'BUS_UNAVAILABLE' ? 'unreachable' : 'other';
  if (!(error instanceof Error)) return 'other';
  if (unreachable.has(error.name)) return 'unreachable';
  if (denied.has(error.name)) return 'denied';
  const { code } = error as { code?: unknown };
  return typeof code === 'number' ? (kindByCode.get(code) ?? 'other') : 'other';
}

/** Whether trying again may help. */
export const mayRetry = (kind: FailureKind): boolean => kind === 'stale' || kind === 'busy' || kind === 'unreachable';

/** The error of the port that a failed request is told as. */
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
