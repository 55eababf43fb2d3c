/** The labels with which service meshes and service-graph exporters name caller and callee. */
import { type Attributes, isGrpcServerFailure } from '@faultline/model';

export interface MeshSides {
  readonly source: string;
  readonly destination: string;
}

/**
 * Request counters of Istio and Linkerd, and of the service graphs of the OpenTelemetry collector and Tempo. Counters
 * of bytes and durations do not match.
 */
const requestCounter = /(^|[_.])(requests?|response)([_.]failed)?([_.]total)?$/;

const sourceLabels = [
  'source_canonical_service',
  'source_workload',
  'source_app',
  'source_service',
  'deployment',
  'client',
];
const destinationLabels = [
  'destination_canonical_service',
  'destination_workload',
  'destination_app',
  'destination_service_name',
  'destination_service',
  'dst_deployment',
  'dst_service',
  'server',
];

/**
 * Caller and callee of a request counter; null for any other metric. Istio counts a request at both ends, and the
 * caller's count is used.
 */
export function meshSides(metric: string, attributes: Attributes): MeshSides | null {
  if (!requestCounter.test(metric) || attributes['reporter'] === 'destination') return null;
  const source = firstKnown(attributes, sourceLabels);
  const destination = firstKnown(attributes, destinationLabels);
  if (source === '' || destination === '' || source === destination) return null;
  return { source, destination };
}

/** A failure counter exists beside a counter of all requests, so it adds no calls. */
export function isFailureCounter(metric: string): boolean {
  return /[_.]failed/.test(metric);
}

/** Decides by the HTTP or gRPC code, by Linkerd's classification, or because the counter counts failures only. */
export function isFailedRequest(metric: string, attributes: Attributes): boolean {
  if (isFailureCounter(metric) || attributes['classification'] === 'failure') return true;
  const code = Number(attributes['response_code'] ?? attributes['status_code'] ?? '200');
  const grpc = attributes['grpc_response_status'] ?? attributes['grpc_status'] ?? '0';
  // Istio reports 0 when the connection broke before a response.
  return code >= 500 || code === 0 || isGrpcServerFailure(grpc);
}

function firstKnown(attributes: Attributes, names: readonly string[]): string {
  for (const name of names) {
    const value = attributes[name];
    if (value !== undefined && value !== '' && value !== 'unknown') return value.split('.')[0] ?? value;
  }
  return '';
}
