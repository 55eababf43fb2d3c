/**
 * The core's evidence query, and the rows of its result. Every result is bounded in rows.
 * The core divides time into `slices`: slice 0 is the baseline, the others are short and cover the time up to now.
 */

import type { EnvironmentReading } from './environment-reading.ts';
import type { EdgeSource } from './incident.ts';
import type { PastRemediation } from './remediation.ts';
import type { Scope } from './scope.ts';
import type { SpanKind } from './telemetry.ts';

export interface TimeRange {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What the alerts of an incident name, most important first. In a large system only their neighbourhood is read. */
export interface EvidenceFocus {
  readonly services: readonly string[];
  readonly instances: readonly string[];
  readonly nodes: readonly string[];
  /** Absent in queries of older releases, as are the namespaces. */
  readonly clusters?: readonly string[];
  readonly namespaces?: readonly string[];
}

export interface EvidenceQuery {
  readonly id: string;
  readonly incidentId: string;
  /** Its environment is empty: which ones are read is decided from `environments` and what the store knows. */
  readonly scope: Scope;
  readonly askedAtMs: number;
  /** The result must come by this time, whatever is still missing. */
  readonly deadlineMs: number;
  readonly slices: readonly TimeRange[];
  /** Near past of the metric series, in steps of `stepMs`. `seriesHistory` is the far past, returned as quantiles. */
  readonly series: TimeRange & {
    readonly stepMs: number;
    /** A regular expression (RE2) that the metric's name in lower case must match. Left out: all metrics. */
    readonly metrics?: string;
  };
  readonly seriesHistory: TimeRange;
  /** Left out: the whole system, as far as a result can hold it. */
  readonly focus?: EvidenceFocus;
  /** Environments that the incident's alerts name, sorted. Left out by older releases: that of the scope is read. */
  readonly environments?: readonly string[];
  /** What the incident is like so far: past incidents that share these are returned, most alike first. Left out by older releases. */
  readonly traits?: readonly string[];
}

/** Sparse histogram of latency in microseconds: [bucket, count] sorted by bucket. Bounds: see `histogram.ts`. */
export type Histogram = readonly (readonly [bucket: number, count: number])[];

/** One operation (span name and kind) on one instance in one slice. */
export interface OperationRow {
  readonly slice: number;
  readonly service: string;
  readonly instance: string;
  readonly operation: string;
  readonly kind: SpanKind;
  readonly version: string;
  readonly calls: number;
  readonly errors: number;
  /** Errors that no child call explains. Like `self`, of settled traces only. */
  readonly ownErrors: number;
  readonly duration: Histogram;
  /** Calls in settled traces, and their self time. */
  readonly settledCalls: number;
  readonly self: Histogram;
}

/** Calls from one service to another in one slice. `gap` is client minus server duration: network latency and queueing. */
export interface EdgeRow {
  readonly slice: number;
  readonly caller: string;
  readonly callee: string;
  readonly callerInstance: string;
  readonly calleeInstance: string;
  readonly operation: string;
  readonly source: EdgeSource;
  readonly calls: number;
  readonly errors: number;
  readonly duration: Histogram;
  readonly gap: Histogram;
  readonly lastSeenMs: number;
}

/** Spans of an operation that carry a log line of this template; without a span, `operation` is empty and `spans` counts lines. */
export interface TemplateRow {
  readonly slice: number;
  readonly service: string;
  readonly instance: string;
  readonly operation: string;
  readonly template: string;
  readonly text: string;
  readonly severityNumber: number;
  readonly lines: number;
  readonly spans: number;
}

/** Spans of an operation that made at least one call of this child; `calls` counts the child calls. Children are other spans of any service. */
export interface ChildRow {
  readonly slice: number;
  readonly service: string;
  readonly operation: string;
  readonly childService: string;
  readonly childOperation: string;
  readonly spans: number;
  readonly calls: number;
  readonly errors: number;
}

/** One metric series: its near past as points, its far past as quantiles. */
export interface SeriesRow {
  readonly service: string;
  readonly instance: string;
  readonly node: string;
  readonly metric: string;
  readonly unit: string;
  /** The series' own attributes, `k=v,k=v`, sorted. */
  readonly attributes: string;
  /** [start of step ms, mean, max, count]. Monotonic sums come as a rate per second. */
  readonly points: readonly (readonly [atMs: number, mean: number, max: number, count: number])[];
  readonly history: {
    readonly count: number;
    readonly min: number;
    readonly p01: number;
    readonly p25: number;
    readonly p50: number;
    readonly p75: number;
    readonly p99: number;
    readonly max: number;
  };
}

/** When a service or instance last sent telemetry: for telemetry gaps and uninstrumented dependencies. */
export interface PresenceRow {
  readonly service: string;
  readonly instance: string;
  readonly node: string;
  readonly zone: string;
  /** Absent in results of releases that did not store it. */
  readonly cluster?: string;
  readonly lastSpanMs: number;
  readonly lastMetricMs: number;
  readonly lastLogMs: number;
}

/** How a past incident ended: what fixed it last time. */
export interface PastIncidentRow {
  readonly incidentId: string;
  readonly resolvedAtMs: number;
  readonly startedAtMs: number;
  readonly causeService: string;
  readonly causeKind: string;
  readonly services: readonly string[];
  readonly alertNames: readonly string[];
  readonly resolution: string;
  /** Services that people refused as its cause. Absent in results of older releases, as are the fields below. */
  readonly rejectedCauses?: readonly string[];
  /** See `incidentTraits`. */
  readonly traits?: readonly string[];
  readonly remediations?: readonly PastRemediation[];
}

/**
 * Why a part of the evidence is missing.
 * - `unreachable`: the store could not be read. `timeout`: it did not answer by the deadline. `failed`: this part failed; detail: error code.
 * - `behind`: sent, but not recorded yet; detail: number of blocks.
 * - `truncated`: more keys than a result may hold; detail: how many it holds. `partial`: a part of the system; detail: `24 of 301`.
 * - `none`: there are no such rows. `pending`: the first result has not arrived. `not-correlated`: the alert was paged without correlation.
 * - `no-subject`: the alerts name no service, host or other entity, so nothing connects them with telemetry.
 * - `unknown-subject`: telemetry knows nothing of what the alerts name; detail: their names.
 * - `flood`: not read, because too many incidents opened at once; detail: how many within a minute.
 * - `too-large`: the page would be too large for the log; detail: the parts that it leaves out.
 * - `other`: written by an older release; detail: its words.
 */
export const missingCodes = [
  'unreachable',
  'timeout',
  'failed',
  'behind',
  'truncated',
  'partial',
  'none',
  'pending',
  'not-correlated',
  'no-subject',
  'unknown-subject',
  'flood',
  'too-large',
  'other',
] as const;
export type MissingCode = (typeof missingCodes)[number];

/** One part of the evidence that a judgement had to do without. */
export interface MissingEvidence {
  /** `store`, a signal (`spans`, `logs`, `metrics`), a part of a result (`operations`, `series`, ...), `services`, `evidence`, or `all`. */
  readonly part: string;
  readonly code: MissingCode;
  /** What the code leaves open; empty when it says everything. */
  readonly detail: string;
}

/** Whether no telemetry was found at all: not of what alerts, and not of anything else that was asked for. */
export function hasNoTelemetry(missing: readonly Pick<MissingEvidence, 'part' | 'code'>[]): boolean {
  return missing.some(({ part, code }) => part === 'evidence' && code === 'none');
}

export interface EvidenceResult {
  readonly questionId: string;
  readonly incidentId: string;
  readonly slices: readonly TimeRange[];
  /** Latest event time of this scope in the windows, by signal; 0 when there is none. */
  readonly watermarks: { readonly spans: number; readonly logs: number; readonly metrics: number };
  /**
   * Signals that the recorder is behind with, and the time up to which everything that had arrived is recorded, in ms. Left out: nothing
   * waited, or a release wrote it that did not know.
   */
  readonly recordedUntilMs?: { readonly spans?: number; readonly logs?: number; readonly metrics?: number };
  /** Whether all traces that had arrived at the first query of the incident have settled. */
  readonly settled: boolean;
  /** Which environments were read, and why. Absent in results of older releases, and where the store could not be read. */
  readonly environment?: EnvironmentReading;
  /** What could not be read. */
  readonly missing: readonly MissingEvidence[];
  readonly operations: readonly OperationRow[];
  readonly edges: readonly EdgeRow[];
  readonly templates: readonly TemplateRow[];
  readonly children: readonly ChildRow[];
  readonly series: readonly SeriesRow[];
  readonly presence: readonly PresenceRow[];
  readonly past: readonly PastIncidentRow[];
  /** Who calls whom in the whole system, sorted. Present when the rows are those of a part of it. */
  readonly topology?: readonly (readonly [caller: string, callee: string])[];
}

/** The part of a result that a store fills, without any row. */
export const emptyEvidenceRows: Omit<EvidenceResult, 'questionId' | 'incidentId' | 'settled'> = {
  slices: [],
  watermarks: { spans: 0, logs: 0, metrics: 0 },
  missing: [],
  operations: [],
  edges: [],
  templates: [],
  children: [],
  series: [],
  presence: [],
  past: [],
};

/** A result without any row: what holds before the first result is in, and what tests and fallbacks start from. */
export const emptyEvidenceResult: EvidenceResult = {
  questionId: '',
  incidentId: '',
  settled: false,
  ...emptyEvidenceRows,
};
