/** Reads the items of a block into what the join stores of them. */
import {
  flowOf,
  isFailed,
  type LogBlock,
  logTemplate,
  peerOf,
  type Resource,
  type Span,
  type SpanBlock,
} from '@faultline/model';
import type { Interner } from './intern.ts';
import type { PendingLog, PendingSpan, Sender } from './span.ts';

/** An item and its trace. A log line without a trace has an empty `traceId`. */
export interface OfTrace<Item> {
  readonly tenant: string;
  readonly traceId: string;
  readonly item: Item;
}

/** The spans of a block, in order. An item without a resource is left out; ingest never writes one. */
export function readSpans(block: SpanBlock, interner: Interner): OfTrace<PendingSpan>[] {
  const senders = sendersOf(block.resources, interner);
  const read: OfTrace<PendingSpan>[] = [];
  for (const span of block.items) {
    const sender = senders[span.resource];
    if (sender !== undefined)
      read.push({ tenant: sender.tenant, traceId: span.traceId, item: pendingSpan(span, sender, interner) });
  }
  return read;
}

function pendingSpan(span: Span, sender: Sender, interner: Interner): PendingSpan {
  const startUs = Number(span.startNs / 1000n);
  return {
    spanId: span.spanId,
    parentSpanId: span.parentSpanId,
    operation: interner.operation(sender, span.name, span.kind),
    startUs,
    durationUs: Math.max(0, Number((span.startNs + span.durationNs) / 1000n) - startUs),
    error: isFailed(span),
    peer: peerOf(span),
    readsPeer: flowOf(span) === 'from',
    linkedSpanId: span.kind === 'consumer' && span.links !== '' ? linkedSpan(span) : '',
  };
}

/**
 * A consumer that handles a batch links to its producers. The first linked span of its own trace is used as its parent.
 */
function linkedSpan({ links, traceId }: Span): string {
  try {
    const parsed: unknown = JSON.parse(links);
    const own = Array.isArray(parsed) ? parsed.find((link: unknown) => isLink(link) && link.traceId === traceId) : null;
    return isLink(own) ? own.spanId : '';
  } catch {
    return '';
  }
}

function isLink(value: unknown): value is { readonly traceId: string; readonly spanId: string } {
  if (typeof value !== 'object' || value === null) return false;
  return 'traceId' in value && 'spanId' in value && typeof value.spanId === 'string';
}

/** The log lines of a block, with or without a trace. */
export function readLogs(block: LogBlock, interner: Interner): OfTrace<PendingLog>[] {
  const senders = sendersOf(block.resources, interner);
  const read: OfTrace<PendingLog>[] = [];
  for (const log of block.items) {
    const sender = senders[log.resource];
    if (sender === undefined) continue;
    const item: PendingLog = {
      spanId: log.spanId,
      sender,
      template: interner.template(logTemplate(log.body)),
      severityNumber: log.severityNumber,
      timeMs: Number(log.timeNs / 1_000_000n),
    };
    read.push({ tenant: sender.tenant, traceId: log.traceId, item });
  }
  return read;
}

function sendersOf(resources: readonly Resource[], interner: Interner): Sender[] {
  return resources.map((resource) => interner.sender(resource));
}
