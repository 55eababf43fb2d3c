/** Emits the spans and log lines of a call. */
import type { SentLog, SpanKind } from '../telemetry/telemetry.ts';
import type { IncomingRequest, Outcome, ServerCall } from './server-call.ts';

/** A server span starts when the request comes in, a consumer span when the message is taken from the queue. */
export function emitServerCall(
  call: ServerCall,
  { atMs, kind, parentSpanId }: IncomingRequest,
  { endMs, error }: Outcome,
): void {
  const { operation } = call.site;
  const isConsumer = kind === 'consumer';
  const attributes: Record<string, string> = isConsumer
    ? {
        'messaging.system': 'kafka',
        'messaging.destination.name': operation.name.replace('process ', ''),
        'messaging.operation.type': 'process',
      }
    : { 'http.response.status_code': error === null ? '200' : '500' };
  const startMs = isConsumer ? call.beginMs : atMs;
  emitSpan(call, { spanId: call.spanId, parentSpanId, name: operation.name, kind, startMs, endMs, error, attributes });
  if (operation.line !== '' && error === null) emitLine(call, { atMs: endMs, severity: 'INFO', line: operation.line });
}

/** Logs the failure and returns it to the caller. */
export function failWithLog(call: ServerCall, endMs: number, line: string, severity: 'WARN' | 'ERROR'): Outcome {
  emitLine(call, { atMs: endMs, severity, line });
  return { endMs, error: { reason: 'internal', line } };
}

interface EmittedSpan {
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly name: string;
  readonly kind: SpanKind;
  readonly startMs: number;
  readonly endMs: number;
  readonly error: Outcome['error'];
  readonly attributes: Record<string, string>;
}

export function emitSpan({ trace, site, sender }: ServerCall, span: EmittedSpan): void {
  if (!site.service.sends.spans) return;
  const { error, ...rest } = span;
  trace.emitSpan({ ...rest, sender, traceId: trace.traceId, failed: error !== null });
}

/** Each `#` of the line becomes a random number. */
export function emitLine(
  { trace, site, sender, spanId }: ServerCall,
  { atMs, severity, line }: { atMs: number; severity: SentLog['severity']; line: string },
): void {
  if (!site.service.sends.logs) return;
  const body = line.replaceAll('#', () => String(trace.random.int(1, 9999)));
  trace.emitLog({
    sender,
    span: site.service.sends.spans ? { traceId: trace.traceId, spanId } : null,
    atMs,
    severity,
    body,
  });
}
