/** Whether a span failed. */
import { SpanAttributes } from './conventions.ts';
import type { Span } from './telemetry.ts';

/** gRPC codes by number (grpc/grpc, `statuscodes.md`). */
const grpcCodes: readonly string[] = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
];
const serverFailures: ReadonlySet<string> = new Set([
  'UNKNOWN',
  'DEADLINE_EXCEEDED',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
]);

/** Whether a gRPC code, by number or name, is the server's failing (OpenTelemetry semantic conventions for gRPC). */
export function isGrpcServerFailure(code: string): boolean {
  return serverFailures.has(grpcName(code));
}

function grpcName(code: string): string {
  return /^\d+$/.test(code) ? (grpcCodes[Number(code)] ?? code) : code.toUpperCase();
}

/** By the span's status; when that is unset, by the codes and tags of its attributes, any of which may say that it failed. */
export function isFailed(span: Pick<Span, 'status' | 'kind' | 'attributes'>): boolean {
  const { status, kind } = span;
  if (status !== 'unset') return status === 'error';
  const attributes = new SpanAttributes(span.attributes);
  return isFailedHttp(attributes.first('http-status')) || isFailedRpc(attributes, kind) || hasErrorTag(attributes);
}

/** 500 and up. Envoy writes 0 when the connection broke before an answer. */
function isFailedHttp(code: string): boolean {
  return code !== '' && (Number(code) >= 500 || Number(code) === 0);
}

/** To a client every code but OK is a failure. */
function isFailedRpc(attributes: SpanAttributes, kind: Span['kind']): boolean {
  const code = attributes.first('rpc-status');
  const name = grpcName(code);
  if (name === '' || name === 'OK') return false;
  return kind !== 'server' || serverFailures.has(name);
}

function hasErrorTag(attributes: SpanAttributes): boolean {
  return attributes.all('error').some((value) => !/^(false|0|)$/i.test(value));
}
