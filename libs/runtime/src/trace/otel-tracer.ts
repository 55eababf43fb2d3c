/** The tracer on top of OpenTelemetry. Created only when an endpoint is configured. */
import {
  type Attributes,
  context,
  type Span as OtelSpan,
  type Tracer as OtelTracer,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import type { SpanProcessor } from '@opentelemetry/sdk-trace';
import { AppError } from '../error.ts';
import { formatTraceparent, originOf, traceparentHeader } from './traceparent.ts';
import { noSpan, type Span, type SpanBegin, type Tracer } from './tracer.ts';

/** OpenTelemetry cannot drop a span that has started, so the processor below skips spans in this set. */
const discarded = new WeakSet<object>();

/** Passes on all spans that were not discarded. */
export function withoutDiscarded(next: SpanProcessor): SpanProcessor {
  return {
    onStart: (span, parent) => next.onStart(span, parent),
    onEnd: (span) => {
      if (!discarded.has(span)) next.onEnd(span);
    },
    forceFlush: () => next.forceFlush(),
    shutdown: () => next.shutdown(),
  };
}

export function createTracer(otel: OtelTracer): Tracer {
  return {
    run: (begin, work) => {
      const { causes = [], links, ...options } = begin();
      const origin = originOf(causes, links);
      const around = origin.parent === null ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, origin.parent);
      return within(
        otel.startSpan(
          options.name,
          { ...otelOptions(options), links: origin.links.map((link) => ({ context: link })) },
          around,
        ),
        work,
      );
    },
    step: (begin, work) => {
      const unit = trace.getActiveSpan();
      if (unit === undefined || !unit.isRecording() || discarded.has(unit)) return work(noSpan);
      const options = begin();
      return within(otel.startSpan(options.name, otelOptions(options)), work);
    },
  };
}

const kinds = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const;

function otelOptions({ kind = 'internal', attributes = {} }: SpanBegin) {
  return { kind: kinds[kind], attributes: attributes as Attributes };
}

async function within<Value>(otelSpan: OtelSpan, work: (span: Span) => Promise<Value>): Promise<Value> {
  const span = spanOver(otelSpan);
  try {
    return await context.with(trace.setSpan(context.active(), otelSpan), work, undefined, span);
  } catch (error) {
    span.fail(error);
    throw error;
  } finally {
    otelSpan.end();
  }
}

function spanOver(otelSpan: OtelSpan): Span {
  const spanContext = otelSpan.spanContext();
  return {
    get headers() {
      const isSampled = otelSpan.isRecording() && !discarded.has(otelSpan);
      return { [traceparentHeader]: formatTraceparent(spanContext, isSampled) };
    },
    set: (attributes) => void otelSpan.setAttributes(attributes as Attributes),
    fail: (error) => {
      // Only the code, because a message may quote what was sent.
      otelSpan.setAttribute('error.type', codeOf(error)).setStatus({ code: SpanStatusCode.ERROR });
    },
    discard: () => void discarded.add(otelSpan),
  };
}

function codeOf(error: unknown): string {
  if (typeof error === 'string') return error;
  if (error instanceof AppError) return error.code;
  return error instanceof Error ? error.name : 'unknown';
}
