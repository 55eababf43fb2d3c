/**
 * The trace join: a pure state machine over the records of one partition. Records are added with their offset and time,
 * the watermark advances, and closed sessions are summed. It has no I/O and no clock: the same records and watermarks
 * give the same rows.
 */
import type { LogBlock, SpanBlock } from '@faultline/model';
import type { LateOverride } from '../progress.ts';
import type { Aggregate } from './aggregate.ts';
import type { Interner } from './intern.ts';
import { LateLogs, type LateRule } from './late.ts';
import { type OfTrace, readLogs, readSpans } from './read.ts';
import { firstSession, type SessionRule } from './session.ts';
import { observeLine, settleSession } from './settle.ts';
import type { PendingLog, PendingSpan } from './span.ts';

export type JoinedTopic = 'spans' | 'logs';

/**
 * A record's place in the log and the time at which it counts: its timestamp, or the watermark behind which it arrived.
 */
export interface RecordPlace {
  readonly topic: JoinedTopic;
  readonly offset: bigint;
  readonly atMs: number;
  /** True when rebuilding from a record that is in no open session. It is remembered for late lines only. */
  readonly closed?: boolean;
}

/** What must be stored to rebuild a join, besides the records from the low watermarks on. */
export interface JoinMarks {
  readonly watermarkMs: number;
  readonly aged: readonly { readonly trace: string; readonly untilMs: number }[];
}

export interface TraceJoin {
  addSpans(place: RecordPlace, block: SpanBlock): void;
  /**
   * Lines without a trace need no join and go to `out` at once. `out` is null when rebuilding, because they were
   * counted before.
   */
  addLogs(place: RecordPlace, block: LogBlock, out: Aggregate | null): void;
  /**
   * Call it when every record before the watermark has been added. Closes the sessions that are due. `out` is null when
   * they were counted before.
   */
  advance(watermarkMs: number, out: Aggregate | null): void;
  /** False when no session would close at this watermark. */
  mayClose(watermarkMs: number): boolean;
  /** Closes all sessions, due or not. */
  closeAll(out: Aggregate): void;
  /** The first offset of a topic that is in an open session; null when there is none. */
  lowWatermark(topic: JoinedTopic): bigint | null;
  /** The first offset of a topic that is in an open session or remembered for late lines; null when there is none. */
  retentionOffset(topic: JoinedTopic): bigint | null;
  marks(): JoinMarks;
  /** Spans and log lines in open sessions. */
  readonly pendingItems: number;
}

/** A record that is in at least one open session. */
interface HeldRecord extends RecordPlace {
  uses: number;
}

/** The items of one record that belong to one trace. */
interface Entry {
  readonly record: HeldRecord;
  readonly spans: PendingSpan[];
  readonly logs: PendingLog[];
}

interface Trace {
  entries: Entry[];
  /** No session of the trace is due before this time. */
  dueMs: number;
}

export interface TraceJoinOptions {
  readonly rule: SessionRule;
  readonly late: LateRule;
  readonly interner: Interner;
  /** The state to continue from. Default: no session was ever opened. */
  readonly marks?: JoinMarks;
}

/**
 * The time at which a record counts. A record that arrived behind the watermark must not change a session that was
 * closed by then.
 */
export function effectiveTimeMs(
  record: { readonly topic: string; readonly offset: bigint; readonly timestampMs: number },
  lateOverrides: readonly LateOverride[],
): number {
  let atMs = record.timestampMs;
  for (const { topic, from, to, toMs } of lateOverrides)
    if (topic === record.topic && record.offset >= from && record.offset < to) atMs = Math.max(atMs, toMs);
  return atMs;
}

/** Creates a join without open sessions. */
export function createTraceJoin(options: TraceJoinOptions): TraceJoin {
  return new SessionJoin(options);
}

class SessionJoin implements TraceJoin {
  readonly #rule: SessionRule;
  readonly #interner: Interner;
  readonly #traces = new Map<string, Trace>();
  readonly #late: LateLogs;
  readonly #aged: Map<string, number>;
  readonly #held = { spans: new Map<bigint, HeldRecord>(), logs: new Map<bigint, HeldRecord>() };
  #watermarkMs: number;
  pendingItems = 0;

  constructor({ rule, late, interner, marks }: TraceJoinOptions) {
    this.#rule = rule;
    this.#late = new LateLogs(late, rule.maxAgeMs);
    this.#interner = interner;
    this.#aged = new Map(marks?.aged.map(({ trace, untilMs }) => [trace, untilMs]));
    this.#watermarkMs = marks?.watermarkMs ?? 0;
  }

  addSpans(place: RecordPlace, block: SpanBlock): void {
    const spans = readSpans(block, this.#interner);
    this.#late.addSpans(place, spans);
    if (place.closed !== true) this.#add(place, spans, (entry, span) => entry.spans.push(span));
  }

  addLogs(place: RecordPlace, block: LogBlock, out: Aggregate | null): void {
    const logs = readLogs(block, this.#interner);
    if (out !== null) for (const { traceId, item } of logs) if (traceId === '') observeLine(item, out);
    const traced = logs.filter(({ traceId }) => traceId !== '');
    this.#late.addLogs(place, traced);
    if (place.closed !== true) this.#add(place, traced, (entry, log) => entry.logs.push(log));
  }

  advance(watermarkMs: number, out: Aggregate | null): void {
    this.#watermarkMs = Math.max(this.#watermarkMs, watermarkMs);
    for (const [key, trace] of this.#traces) if (trace.dueMs <= this.#watermarkMs) this.#closeDue(key, trace, out);
    for (const [key, untilMs] of this.#aged)
      if (untilMs + this.#rule.settleMs <= this.#watermarkMs && !this.#traces.has(key)) this.#aged.delete(key);
    this.#late.advance(this.#watermarkMs);
  }

  mayClose(watermarkMs: number): boolean {
    for (const { dueMs } of this.#traces.values()) if (dueMs <= watermarkMs) return true;
    return false;
  }

  closeAll(out: Aggregate): void {
    for (const [key, trace] of this.#traces) {
      sortByTime(trace.entries);
      while (trace.entries.length > 0) this.#closeFirst(key, trace, this.#firstSession(trace).length, out);
    }
    this.#traces.clear();
    this.#aged.clear();
    // Sessions that were closed early can no longer be separated by time.
    this.#late.clear();
  }

  lowWatermark(topic: JoinedTopic): bigint | null {
    for (const offset of this.#held[topic].keys()) return offset;
    return null;
  }

  retentionOffset(topic: JoinedTopic): bigint | null {
    const low = this.lowWatermark(topic);
    const late = this.#late.lowWatermark(topic);
    return low === null || (late !== null && late < low) ? late : low;
  }

  marks(): JoinMarks {
    const aged = [...this.#aged].map(([trace, untilMs]) => ({ trace, untilMs }));
    return { watermarkMs: this.#watermarkMs, aged };
  }

  #add<Item>(place: RecordPlace, items: readonly OfTrace<Item>[], push: (entry: Entry, item: Item) => void): void {
    const record: HeldRecord = { ...place, uses: 0 };
    const entries = new Map<string, Entry | null>();
    for (const { tenant, traceId, item } of items) {
      const key = `${tenant}/${traceId}`;
      let entry = entries.get(key);
      if (entry === undefined) {
        entry = this.#open(key, record);
        entries.set(key, entry);
      }
      if (entry === null) continue;
      push(entry, item);
      this.pendingItems++;
    }
    if (record.uses > 0) this.#held[place.topic].set(place.offset, record);
  }

  /** Null when the record belongs to a session that is closed already. */
  #open(key: string, record: HeldRecord): Entry | null {
    if (record.atMs < (this.#aged.get(key) ?? 0)) return null;
    const entry: Entry = { record, spans: [], logs: [] };
    const trace = this.#traces.get(key);
    const dueMs = record.atMs + this.#rule.settleMs;
    if (trace === undefined) this.#traces.set(key, { entries: [entry], dueMs });
    else {
      trace.entries.push(entry);
      trace.dueMs = Math.min(trace.dueMs, dueMs);
    }
    record.uses++;
    return entry;
  }

  #firstSession({ entries }: Trace) {
    return firstSession(
      entries.map(({ record }) => record.atMs),
      this.#rule,
    );
  }

  #closeDue(key: string, trace: Trace, out: Aggregate | null): void {
    sortByTime(trace.entries);
    while (trace.entries.length > 0) {
      const { length, dueMs, aged } = this.#firstSession(trace);
      trace.dueMs = dueMs;
      if (dueMs > this.#watermarkMs) return;
      if (aged) this.#aged.set(key, dueMs);
      this.#closeFirst(key, trace, length, out);
    }
    this.#traces.delete(key);
  }

  #closeFirst(key: string, trace: Trace, length: number, out: Aggregate | null): void {
    const closed = trace.entries.slice(0, length);
    trace.entries = trace.entries.slice(length);
    const spans = closed.flatMap((entry) => entry.spans);
    const logs = closed.flatMap((entry) => entry.logs);
    const sinceMs = closed[0]?.record.atMs ?? 0;
    if (out !== null) settleSession({ trace: key, sinceMs, spans, logs }, this.#late, out);
    this.pendingItems -= spans.length + logs.length;
    for (const { record } of closed) this.#release(record);
  }

  #release(record: HeldRecord): void {
    record.uses--;
    if (record.uses === 0) this.#held[record.topic].delete(record.offset);
  }
}

function sortByTime(entries: Entry[]): void {
  if (entries.length > 1) entries.sort(compareEntries);
}

function compareEntries({ record: a }: Entry, { record: b }: Entry): number {
  if (a.atMs !== b.atMs) return a.atMs - b.atMs;
  if (a.topic !== b.topic) return a.topic < b.topic ? 1 : -1;
  return a.offset < b.offset ? -1 : a.offset > b.offset ? 1 : 0;
}
