/** The header of W3C Trace Context, version 00, and how a span derives from several of them. */
import { isSpanContextValid, type SpanContext, TraceFlags } from '@opentelemetry/api';
import type { TraceHeaders } from './tracer.ts';

/** The header's name. */
export const traceparentHeader = 'traceparent';

const pattern = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/** More links than this add nothing. */
const maxLinks = 32;

export function formatTraceparent({ traceId, spanId }: SpanContext, isSampled: boolean): string {
  return `00-${traceId}-${spanId}-${isSampled ? '01' : '00'}`;
}

/** Null when the header is missing or invalid. Anybody may have sent it. */
export function parseTraceparent({ [traceparentHeader]: text }: TraceHeaders): SpanContext | null {
  const [, traceId = '', spanId = '', flags = ''] = pattern.exec(text ?? '') ?? [];
  const traceFlags = Number.parseInt(flags, 16) & TraceFlags.SAMPLED;
  const parsed: SpanContext = { traceId, spanId, traceFlags, isRemote: true };
  return isSpanContextValid(parsed) ? parsed : null;
}

export interface Origin {
  readonly parent: SpanContext | null;
  readonly links: readonly SpanContext[];
}

/**
 * Continues the trace of the causes when they have one in common; links to them when they have several. Causes without
 * a trace do not count. When all causes are explicitly unsampled, so is the span, and its parent says so.
 */
export function originOf(causes: readonly TraceHeaders[], linked: readonly TraceHeaders[] = []): Origin {
  const parsed = causes.map(parseTraceparent);
  const [first] = parsed;
  if (first && parsed.every((cause) => cause !== null && !isSampled(cause))) return { parent: first, links: [] };
  const traced = sampled(parsed);
  const parent = new Set(traced.map(({ traceId }) => traceId)).size === 1 ? (traced[0] ?? null) : null;
  const links = distinct([...traced, ...sampled(linked.map(parseTraceparent))]);
  return { parent, links: links.filter(({ spanId }) => spanId !== parent?.spanId).slice(0, maxLinks) };
}

function isSampled({ traceFlags }: SpanContext): boolean {
  return traceFlags === TraceFlags.SAMPLED;
}

function sampled(contexts: readonly (SpanContext | null)[]): SpanContext[] {
  return contexts.filter((context) => context !== null).filter(isSampled);
}

function distinct(contexts: readonly SpanContext[]): SpanContext[] {
  return [...new Map(contexts.map((context) => [context.spanId, context])).values()];
}
