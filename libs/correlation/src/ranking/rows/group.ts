/** Rows of the evidence that are about the same thing. */
import type { EdgeRow, OperationRow } from '@faultline/model';

export interface OperationGroup extends Pick<OperationRow, 'service' | 'operation' | 'kind'> {
  readonly rows: OperationRow[];
}

export interface EdgeGroup extends Pick<EdgeRow, 'caller' | 'callee' | 'source'> {
  readonly rows: EdgeRow[];
}

/** A child call or a log line of an operation. */
export interface PatternGroup {
  readonly service: string;
  readonly operation: string;
  readonly what: 'call' | 'log';
  /** The service that a call is made to; empty for a log line. */
  readonly target: string;
  /** The operation that is called, or the template of the line. */
  readonly text: string;
  readonly severityNumber: number;
  /** How many of the operation's spans had it, by slice. */
  readonly spans: Float64Array;
}

/** Lines of one template that belong to no span. */
export interface LineGroup {
  readonly service: string;
  /** The one instance that logged it, or empty when several did. */
  readonly instance: string;
  readonly text: string;
  readonly severityNumber: number;
  /** How many, by slice. */
  readonly lines: Float64Array;
}

/** Each list is sorted by name, so that equal rows in another order give the same bytes. */
export interface Groups {
  readonly operations: readonly OperationGroup[];
  readonly edges: readonly EdgeGroup[];
  readonly patterns: readonly PatternGroup[];
  readonly lines: readonly LineGroup[];
  /** Settled calls by slice, under the key of service and operation: what patterns are shares of. */
  readonly settled: ReadonlyMap<string, Float64Array>;
  /** Services that send spans of their own. */
  readonly traced: ReadonlySet<string>;
  /** Keys of service and slice: in these slices, logs of the service were collected, and joined with its spans. */
  readonly logged: ReadonlySet<string>;
  /** Keys of service and slice: in these slices, most lines came too late to be joined with their spans. */
  readonly lateLogs: ReadonlySet<string>;
}
