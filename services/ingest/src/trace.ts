/** What a span tells of a request, and how its trace goes on with the records. */
import type { OutgoingRecord } from '@faultline/bus';
import { ownServiceName, type Span, type SpanBegin } from '@faultline/runtime';
import { status as grpcStatus } from '@grpc/grpc-js';
import type { Normalised, Problem, Reply, Route, Source } from './source.ts';
import { grpcCodeOf } from './sources/otlp/status.ts';

/** A request, as much of it as is told. */
interface TracedRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly rpcMethod?: string;
}

interface TracedAnswer {
  readonly reply: Reply;
  readonly problem: Problem | null;
}

/** One span for a request, whatever it holds; a sender that traces its requests sees it in its own trace. */
export function requestSpan(source: Source, route: Route, { headers, rpcMethod }: TracedRequest): SpanBegin {
  const common = { kind: 'server', causes: [headers] } as const;
  const faultline = { 'faultline.source': source.name };
  if (rpcMethod !== undefined)
    return {
      ...common,
      name: rpcMethod,
      attributes: { 'rpc.system.name': 'grpc', 'rpc.method': rpcMethod, ...faultline },
    };
  return {
    ...common,
    name: `POST ${route.path}`,
    attributes: { 'http.request.method': 'POST', 'http.route': route.path, ...faultline },
  };
}

/** One span for a message of a topic (OpenTelemetry, semantic conventions for messaging). */
export function messageSpan(
  source: Source,
  { headers, topic }: { headers: TracedRequest['headers']; topic: string },
): SpanBegin {
  return {
    kind: 'consumer',
    causes: [headers],
    name: `process ${topic}`,
    attributes: {
      'messaging.system': 'kafka',
      'messaging.operation.type': 'process',
      'messaging.destination.name': topic,
      'faultline.source': source.name,
    },
  };
}

/** How the request was answered. */
export function tellAnswer(span: Span, { rpcMethod }: TracedRequest, { reply, problem }: TracedAnswer): void {
  const grpcCode = problem === null ? grpcStatus.OK : grpcCodeOf(reply.status);
  span.set(
    rpcMethod === undefined
      ? { 'http.response.status_code': reply.status }
      : { 'rpc.response.status_code': grpcStatus[grpcCode] ?? String(grpcCode) },
  );
  tellProblem(span, { reply, problem });
}

/** What is the sender's error is none of ours. */
export function tellProblem(span: Span, { reply, problem }: TracedAnswer): void {
  if (problem === null) return;
  span.set({ 'faultline.problem': problem.code });
  if (reply.status >= 500) span.fail(problem.code);
}

/**
 * Telemetry that a Faultline sent of itself, and nothing else. A span about handling it would be sent in turn, and so
 * on without end. That holds directly and by way of a collector or another Faultline.
 */
export function isOwnTelemetry({ alerts, changes, commands, spans, logs, metrics }: Normalised): boolean {
  if (alerts ?? changes ?? commands) return false;
  const resources = [spans, logs, metrics].flatMap((telemetry) => telemetry?.resources ?? []);
  return resources.length > 0 && resources.every(({ attributes }) => attributes['service.name'] === ownServiceName);
}

/** The records, which carry the span on to who reads them. */
export function carryTrace(records: readonly OutgoingRecord[], span: Span): readonly OutgoingRecord[] {
  const trace = Object.entries(span.headers);
  if (trace.length === 0) return records;
  return records.map((record) => ({ ...record, headers: { ...record.headers, ...span.headers } }));
}
