/** A tracer that keeps what it was told. */
import type { SpanAttributes, SpanBegin, Tracer } from '@faultline/runtime';

export interface ToldSpan extends SpanBegin {
  attributes: SpanAttributes;
  error: unknown;
  isDiscarded: boolean;
}

export interface ListTracer extends Tracer {
  readonly spans: readonly ToldSpan[];
}

/** Its headers are those of the span's number. */
export function createListTracer(): ListTracer {
  const spans: ToldSpan[] = [];
  const run: Tracer['run'] = (begin, work) => {
    const { attributes = {}, ...rest } = begin();
    const told: ToldSpan = { ...rest, attributes, error: null, isDiscarded: false };
    const number = spans.push(told);
    return work({
      headers: { traceparent: `span-${number}` },
      set: (more) => {
        told.attributes = { ...told.attributes, ...more };
      },
      fail: (error) => {
        told.error = error;
      },
      discard: () => {
        told.isDiscarded = true;
      },
    });
  };
  return { spans, run, step: run };
}
