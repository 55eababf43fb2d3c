/** Decides whether a span failed. */
import type { Span } from '@faultline/model';

/**
 * gRPC codes that mean the server failed (OpenTelemetry semantic conventions for gRPC). For a client every code but OK
 * is a failure.
 */
export const grpcServerFailures: ReadonlySet<string> = new Set(['2', '4', '12', '13', '14', '15']);

/** Decides by the span's status; when it is unset, by its HTTP status (500 and above) or its gRPC code. */
export function isFailed(span: Pick<Span, 'status' | 'kind' | 'attributes'>): boolean {
  if (span.status !== 'unset') return span.status === 'error';
  const { attributes } = span;
  const http = attributes['http.response.status_code'] ?? attributes['http.status_code'];
  if (http !== undefined) return Number(http) >= 500;
  const grpc = attributes['rpc.grpc.status_code'] ?? attributes['rpc.response.status_code'];
  if (grpc === undefined || grpc === '0' || grpc === 'OK') return false;
  return span.kind !== 'server' || grpcServerFailures.has(grpc);
}
