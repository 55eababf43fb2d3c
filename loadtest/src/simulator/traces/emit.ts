/** Writes down what happens on a visit: its spans and its log lines. */
import type { SentLog, SpanKind } from '../telemetry/telemetry.ts';
import type { Arrival, Outcome, Visit } from './server-call.ts';

/** A consumer's span starts when it takes the message, a server's when the request comes in. */
export function leave(visit: Visit, { atMs, kind, parentSpanId }: Arrival, { endMs, error }: Outcome): void {
  const { operation } = visit.look;
  const isConsumer = kind === 'consumer';
  const attributes: Record<string, string> = isConsumer
    ? {
        'messaging.system': 'kafka',
        'messaging.destination.name': operation.name.replace('process ', ''),
        'messaging.operation.type': 'process',
      }
    : { 'http.response.status_code': error === null ? '200' : '500' };
  const startMs = isConsumer ? visit.beginMs : atMs;
  emitSpan(visit, {
    spanId: visit.spanId,
    parentSpanId,
    name: operation.name,
    kind,
    startMs,
    endMs,
    error,
    attributes,
  });
  if (operation.line !== '' && error === null) emitLine(visit, { atMs: endMs, severity: 'INFO', line: operation.line });
}

/** Says in the log what went wrong here, and tells the caller. */
export function tell(visit: Visit, endMs: number, line: string, severity: 'WARN' | 'ERROR'): Outcome {
  emitLine(visit, { atMs: endMs, severity, line });
  return { endMs, error: line };
}

export function emitSpan(
  visit: Visit,
  span: {
    spanId: string;
    parentSpanId: string;
    name: string;
    kind: SpanKind;
    startMs: number;
    endMs: number;
    error: string | null;
    attributes: Record<string, string>;
  },
): void {
  const { walk, look, sender } = visit;
  if (!look.service.sends.spans) return;
  const { error, ...rest } = span;
  walk.emitSpan({ ...rest, sender, traceId: walk.traceId, failed: error !== null });
}

export function emitLine(
  { walk, look, sender, spanId }: Visit,
  { atMs, severity, line }: { atMs: number; severity: SentLog['severity']; line: string },
): void {
  if (!look.service.sends.logs) return;
  const body = line.replaceAll('#', () => String(walk.random.int(1, 9999)));
  walk.emitLog({
    sender,
    span: look.service.sends.spans ? { traceId: walk.traceId, spanId } : null,
    atMs,
    severity,
    body,
  });
}
