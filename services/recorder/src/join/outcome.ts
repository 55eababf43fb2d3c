/** Whether a span failed. */
import type { Span } from '@faultline/model';

/** gRPC codes that are the server's failing (OpenTelemetry semantic conventions for gRPC); to a client every code but OK is one. */
export const grpcServerFailures: ReadonlySet<string> = new Set(['2', '4', '12', '13', '14', '15']);

/** By the span's status; when that is unset, by its HTTP status (500 and up) or its gRPC code. */
export function isFailed(span: Pick<Span, 'status' | 'kind' | 'attributes'>): boolean {
  if (span.status !== 'unset') return span.status === 'error';
  const { attributes } = span;
  const http = attributes['http.response.status_code'] ?? attributes['http.status_code'];
  if (http !== undefined) return Number(http) >= 500;
  const grpc = attributes['rpc.grpc.status_code'] ?? attributes['rpc.response.status_code'];
  if (grpc === undefined || grpc === '0' || grpc === 'OK') return false;
  return span.kind !== 'server' || grpcServerFailures.has(grpc);
}
