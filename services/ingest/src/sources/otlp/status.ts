/** What OTLP answers: `Export…ServiceResponse` with its partial success, and `google.rpc.Status`, in the encoding of the request. */
import type { IngestErrorCode } from '../../errors.ts';
import type { BadItems, Problem, Reply } from '../../source.ts';
import { protoField, varint } from './proto-envelope.ts';

export const protobufType = 'application/x-protobuf';
export const jsonType = 'application/json';

/** gRPC status codes (google/rpc/code.proto). */
export const grpcCodes = {
  invalidArgument: 3,
  permissionDenied: 7,
  resourceExhausted: 8,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
  unauthenticated: 16,
} as const;

/** The gRPC status that means the same as an HTTP one. */
export function grpcCodeOf(httpStatus: number): number {
  if (httpStatus === 401) return grpcCodes.unauthenticated;
  if (httpStatus === 403) return grpcCodes.permissionDenied;
  if (httpStatus === 413) return grpcCodes.resourceExhausted;
  if (httpStatus === 415) return grpcCodes.unimplemented;
  if (httpStatus === 503) return grpcCodes.unavailable;
  return httpStatus < 500 ? grpcCodes.invalidArgument : grpcCodes.internal;
}

/** At most this many different reasons are told in one answer. */
const maxReasons = 5;

/** What was wrong, each reason with how often, most frequent first. */
export function summarise(bad: BadItems): string {
  const counts = new Map<string, number>();
  for (const { reason } of bad.problems) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const sorted = [...counts].sort(([, a], [, b]) => b - a);
  const told = sorted.slice(0, maxReasons).map(([reason, count]) => `${reason} (${count})`);
  return sorted.length > maxReasons ? `${told.join('; ')}; and ${sorted.length - maxReasons} more` : told.join('; ');
}

/** The response to a request that was taken, at least in part. `rejectedField` is the JSON name, `rejectedSpans` or so. */
export function exportReply(bad: BadItems | null, rejectedField: string, contentType: string): Reply {
  const message = bad === null ? '' : summarise(bad);
  if (contentType === jsonType) {
    const partialSuccess = { [rejectedField]: String(bad?.count), errorMessage: message };
    return { status: 200, contentType: jsonType, body: JSON.stringify(bad === null ? {} : { partialSuccess }) };
  }
  return { status: 200, contentType: protobufType, body: bad === null ? Buffer.alloc(0) : partial(bad.count, message) };
}

function partial(count: number, message: string): Buffer {
  const rejected = Buffer.concat([Buffer.from([1 << 3]), varint(count)]);
  return protoField(1, Buffer.concat([rejected, protoField(2, Buffer.from(message))]));
}

/** A `google.rpc.Status` for an HTTP answer. */
export function statusReply(httpStatus: number, problem: Problem, contentType: string): Reply {
  const message = statusText(problem.code, problem.reason);
  const code = grpcCodeOf(httpStatus);
  if (contentType === jsonType)
    return { status: httpStatus, contentType: jsonType, body: JSON.stringify({ code, message }) };
  return { status: httpStatus, contentType: protobufType, body: encodeStatus(code, message) };
}

export function statusText(code: IngestErrorCode, reason: string): string {
  return `${code}: ${reason}`;
}

/** `google.rpc.Status` in protobuf; with `retryAfterMs`, a `google.rpc.RetryInfo` among its details. */
export function encodeStatus(code: number, message: string, retryAfterMs?: number): Buffer {
  const head = [Buffer.from([1 << 3]), varint(code), protoField(2, Buffer.from(message))];
  if (retryAfterMs === undefined) return Buffer.concat(head);
  const seconds = Buffer.concat([Buffer.from([1 << 3]), varint(Math.ceil(retryAfterMs / 1000))]);
  const any = Buffer.concat([
    protoField(1, Buffer.from('type.googleapis.com/google.rpc.RetryInfo')),
    protoField(2, protoField(1, seconds)),
  ]);
  return Buffer.concat([...head, protoField(3, any)]);
}
