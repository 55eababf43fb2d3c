/**
 * Finds the span of a log line whose session came after the span's. Two rules, based only on the times of the records:
 * - A line belongs to a span of an earlier session of its trace, if it is near enough. The span arrived at most
 *   `rememberMs` before the line's session began.
 * - Such a line adds its span to the spans with its template. The exception is an earlier line of the same template and
 *   span that arrived at most `maxAgeMs` before the span. `maxAgeMs` is the length of a session, so that line may have
 *   been counted in the span's own session.
 */
import { windowMs, windowStartMs } from '@faultline/store';
import { type Hash, hashOf, ItemMemory } from './item-memory.ts';
import type { OfTrace } from './read.ts';
import type { Operation, PendingLog, PendingSpan } from './span.ts';

export interface LateRule {
  /** How late after its span a line may arrive, ms. */
  readonly rememberMs: number;
  /** Most spans, and most lines, to remember in one partition. */
  readonly maxItems: number;
}

/** The span that a late line counts for. */
export interface LateSpan {
  readonly operation: Operation;
  readonly windowMs: number;
  readonly atMs: number;
}

type SpanPlace = Omit<LateSpan, 'atMs'>;

/** Where and when a record counts. */
interface Place {
  readonly offset: bigint;
  readonly atMs: number;
}

const maxPlaces = 100_000;
const placeFactor = 2 ** 28;

export class LateLogs {
  readonly #rule: LateRule;
  readonly #maxAgeMs: number;
  readonly #spans: ItemMemory<SpanPlace>;
  readonly #lines: ItemMemory<true>;
  #places = new Map<number, SpanPlace>();

  constructor(rule: LateRule, maxAgeMs: number) {
    this.#rule = rule;
    this.#maxAgeMs = maxAgeMs;
    this.#spans = new ItemMemory(rule.maxItems);
    this.#lines = new ItemMemory(rule.maxItems);
  }

  addSpans({ offset, atMs }: Place, spans: readonly OfTrace<PendingSpan>[]): void {
    if (spans.length === 0) return;
    const { segment } = this.#spans.open(offset, atMs);
    for (const { tenant, traceId, item } of spans)
      segment.add(spanKey(`${tenant}/${traceId}`, item.spanId), this.#placeOf(item), atMs);
  }

  /** When lines are forgotten for lack of room, the spans that they may have been counted for are forgotten too. */
  addLogs({ offset, atMs }: Place, logs: readonly OfTrace<PendingLog>[]): void {
    if (logs.length === 0) return;
    const { segment, forgottenMs } = this.#lines.open(offset, atMs);
    for (const { tenant, traceId, item } of logs) segment.add(lineKey(`${tenant}/${traceId}`, item), true, atMs);
    if (forgottenMs !== null) this.#spans.forgetFrom(forgottenMs + this.#maxAgeMs);
  }

  /**
   * Forgets what no session can need any more. Every open or future session began less than `maxAgeMs` before the
   * watermark.
   */
  advance(watermarkMs: number): void {
    const beforeMs = watermarkMs - this.#rule.rememberMs - 2 * this.#maxAgeMs;
    this.#spans.forgetBefore(beforeMs);
    this.#lines.forgetBefore(beforeMs);
  }

  clear(): void {
    this.#spans.clear();
    this.#lines.clear();
  }

  lowWatermark(topic: 'spans' | 'logs'): bigint | null {
    return topic === 'spans' ? this.#spans.lowWatermark : this.#lines.lowWatermark;
  }

  /**
   * The span of a line in a session that began at `sinceMs` without that span. When several spans have its id, the
   * first to arrive.
   */
  spanOf(trace: string, { spanId }: PendingLog, sinceMs: number): LateSpan | null {
    if (spanId === '') return null;
    let found: LateSpan | null = null;
    for (const { value, atMs } of this.#spans.find(spanKey(trace, spanId)))
      if (atMs < sinceMs && sinceMs < atMs + this.#rule.rememberMs && (found === null || atMs < found.atMs))
        found = { ...value, atMs };
    return found;
  }

  /** Whether an earlier line may already have counted the span for the line's template. */
  mayBeCounted(trace: string, line: PendingLog, span: LateSpan, sinceMs: number): boolean {
    for (const { atMs } of this.#lines.find(lineKey(trace, line)))
      if (atMs < sinceMs && atMs > span.atMs - this.#maxAgeMs) return true;
    return false;
  }

  #placeOf({ operation, startUs }: PendingSpan): SpanPlace {
    const startMs = windowStartMs(startUs / 1_000);
    const key = operation.id * placeFactor + startMs / windowMs;
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    if (this.#places.size >= maxPlaces) this.#places = new Map();
    const place = { operation, windowMs: startMs };
    this.#places.set(key, place);
    return place;
  }
}

function spanKey(trace: string, spanId: string): Hash {
  return hashOf({ trace, item: spanId });
}

function lineKey(trace: string, { spanId, template }: PendingLog): Hash {
  return hashOf({ trace, item: `${spanId}/${template.id}` });
}
