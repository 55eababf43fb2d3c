/** Decides whether an item of telemetry is usable. Both decoders use it, so both encodings accept the same items. */
import type { IngestLimits } from '../../config.ts';
import type { SenderCache } from '../../sender-cache.ts';
import type { Problem } from '../../source.ts';
import { type TimeWindow, timeWindow } from './transcode/time-window.ts';

const nsPerMs = 1_000_000n;
const zeroTraceId = '0'.repeat(32);
const zeroSpanId = '0'.repeat(16);

export interface ItemRules {
  readonly minNs: bigint;
  readonly maxNs: bigint;
  readonly receivedNs: bigint;
  readonly limits: IngestLimits;
  /** `minNs` to `maxNs`. */
  readonly window: TimeWindow;
  /** What is known of senders. */
  readonly senders: SenderCache;
  /** To be called for each item. Throws RefusedRequest when the request has used up its processor time. */
  readonly spendItem: () => void;
}

export interface ItemRulesOptions {
  readonly limits: IngestLimits;
  readonly receivedAtMs: number;
  readonly senders: SenderCache;
  readonly spendItem: () => void;
}

/** The rules at a time of receipt. */
export function itemRules({ limits, receivedAtMs, senders, spendItem }: ItemRulesOptions): ItemRules {
  const receivedNs = BigInt(receivedAtMs) * nsPerMs;
  const minNs = receivedNs - BigInt(limits.maxAgeMs) * nsPerMs;
  const maxNs = receivedNs + BigInt(limits.maxAheadMs) * nsPerMs;
  return { limits, senders, spendItem, receivedNs, minNs, maxNs, window: timeWindow({ minNs, maxNs }) };
}

export function isUsableTime(timeNs: bigint, rules: ItemRules): boolean {
  return timeNs >= rules.minNs && timeNs <= rules.maxNs;
}

export function isTraceId(hex: string): boolean {
  return hex.length === 32 && hex !== zeroTraceId;
}

export function isSpanId(hex: string): boolean {
  return hex.length === 16 && hex !== zeroSpanId;
}

const badTraceId: Problem = { code: 'INGEST_INVALID', reason: 'traceId: expected 16 bytes that are not all zero' };
const badSpanId: Problem = { code: 'INGEST_INVALID', reason: 'spanId: expected 8 bytes that are not all zero' };
export const tooDeepValue: Problem = { code: 'INGEST_TOO_DEEP', reason: 'attributes: a value is nested too deep' };

export interface SpanFacts {
  readonly traceId: string;
  readonly spanId: string;
  readonly startNs: bigint;
  readonly endNs: bigint;
  readonly attributeCount: number;
}

/** The problem of a span, or null. An end before the start is accepted: clocks are set back. */
export function spanProblem(span: SpanFacts, rules: ItemRules): Problem | null {
  if (!isTraceId(span.traceId)) return badTraceId;
  if (!isSpanId(span.spanId)) return badSpanId;
  if (!isUsableTime(span.startNs, rules)) return timeProblem('startTimeUnixNano', rules);
  if (!isUsableTime(span.endNs, rules)) return timeProblem('endTimeUnixNano', rules);
  return attributesProblem(span.attributeCount, rules);
}

export function timeProblem(field: string, rules: ItemRules): Problem {
  const text = (ns: bigint) => new Date(Number(ns / nsPerMs)).toISOString();
  const reason = `${field}: expected nanoseconds since 1970 between ${text(rules.minNs)} and ${text(rules.maxNs)}`;
  return { code: 'INGEST_UNUSABLE_TIME', reason };
}

export function attributesProblem(count: number, rules: ItemRules): Problem | null {
  if (count <= rules.limits.attributes) return null;
  return { code: 'INGEST_TOO_MANY_LABELS', reason: `attributes: expected at most ${rules.limits.attributes}` };
}

/** The time of a log record: its own, otherwise when it was observed, otherwise when it was received. */
export function logTime(timeNs: bigint, observedNs: bigint, rules: ItemRules): { timeNs: bigint; timeKnown: boolean } {
  if (isUsableTime(timeNs, rules)) return { timeNs, timeKnown: true };
  if (isUsableTime(observedNs, rules)) return { timeNs: observedNs, timeKnown: true };
  return { timeNs: rules.receivedNs, timeKnown: false };
}

/** A text within the limit. A longer one is cut and marked. It counts UTF-16 units in place of bytes, which is cheap and close. */
export function boundedText(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  return `${text.slice(0, maxLength).toWellFormed()}… [cut by ${text.length - maxLength}]`;
}
