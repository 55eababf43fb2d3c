/** What makes an item of telemetry usable. Both decoders ask here, so that an encoding never changes what is taken. */
import type { IngestLimits } from '../../config.ts';
import type { Problem } from '../../source.ts';

const nsPerMs = 1_000_000n;
const zeroTraceId = '0'.repeat(32);
const zeroSpanId = '0'.repeat(16);

export interface ItemRules {
  readonly minNs: bigint;
  readonly maxNs: bigint;
  readonly receivedNs: bigint;
  readonly limits: IngestLimits;
  /** To be called for each item. Throws RefusedRequest when the request has used up its processor time. */
  readonly spendItem: () => void;
}

/** The rules at a time of receipt. `spendItem`: default no bound. */
export function itemRules(limits: IngestLimits, receivedAtMs: number, spendItem: () => void = () => {}): ItemRules {
  const receivedNs = BigInt(receivedAtMs) * nsPerMs;
  return {
    limits,
    spendItem,
    receivedNs,
    minNs: receivedNs - BigInt(limits.maxAgeMs) * nsPerMs,
    maxNs: receivedNs + BigInt(limits.maxAheadMs) * nsPerMs,
  };
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

/** What is wrong with a span, or null. An end before the start is no fault: clocks are set back. */
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

/** The time of a log record: its own, else when it was observed, else when it was received. */
export function logTime(timeNs: bigint, observedNs: bigint, rules: ItemRules): { timeNs: bigint; timeKnown: boolean } {
  if (isUsableTime(timeNs, rules)) return { timeNs, timeKnown: true };
  if (isUsableTime(observedNs, rules)) return { timeNs: observedNs, timeKnown: true };
  return { timeNs: rules.receivedNs, timeKnown: false };
}

/** A text no longer than the limit; a longer one is cut and says so. Length in UTF-16 units stands in for bytes: cheap and near. */
export function boundedText(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  return `${text.slice(0, maxLength).toWellFormed()}… [cut by ${text.length - maxLength}]`;
}
