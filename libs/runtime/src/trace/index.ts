export { createTracer, withoutDiscarded } from './otel-tracer.ts';
export { type Consumer, processing, type TracedRecord } from './processing.ts';
export { traceparentHeader } from './traceparent.ts';
export {
  noSpan,
  noTrace,
  noTracer,
  type Span,
  type SpanAttributes,
  type SpanBegin,
  type TraceHeaders,
  type Tracer,
} from './tracer.ts';
