/** The label names by which service meshes and service-graph exporters say who called whom. */
import { type Attributes, isGrpcServerFailure } from '@faultline/model';

export interface MeshSides {
  readonly source: string;
  readonly destination: string;
}

/** Counters of requests: Istio, Linkerd, and the service graphs of the collector's connector and of Tempo. Bytes and durations are not calls. */
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

/** Both sides of a request counter; null for any other metric. Istio counts a request at both of its ends: the caller's count is taken. */
export function meshSides(metric: string, attributes: Attributes): MeshSides | null {
  if (!requestCounter.test(metric) || attributes['reporter'] === 'destination') return null;
  const source = firstKnown(attributes, sourceLabels);
  const destination = firstKnown(attributes, destinationLabels);
  if (source === '' || destination === '' || source === destination) return null;
  return { source, destination };
}

/** A counter of failures stands beside one of all requests: it adds no calls. */
export function isFailureCounter(metric: string): boolean {
  return /[_.]failed/.test(metric);
}

/** By the HTTP or gRPC code, Linkerd's classification, or a counter of failures alone. */
export function isFailedRequest(metric: string, attributes: Attributes): boolean {
  if (isFailureCounter(metric) || attributes['classification'] === 'failure') return true;
  const code = Number(attributes['response_code'] ?? attributes['status_code'] ?? '200');
  const grpc = attributes['grpc_response_status'] ?? attributes['grpc_status'] ?? '0';
  // Istio writes 0 when the connection broke before an answer.
  return code >= 500 || code === 0 || isGrpcServerFailure(grpc);
}

function firstKnown(attributes: Attributes, names: readonly string[]): string {
  for (const name of names) {
    const value = attributes[name];
    if (value !== undefined && value !== '' && value !== 'unknown') return value.split('.')[0] ?? value;
  }
  return '';
}
