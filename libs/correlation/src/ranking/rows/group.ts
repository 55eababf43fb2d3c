/** Rows of an answer that speak of the same thing. */
import type { EdgeRow, OperationRow } from '@faultline/model';

export interface OperationGroup extends Pick<OperationRow, 'service' | 'operation' | 'kind'> {
  readonly rows: OperationRow[];
}

export interface EdgeGroup extends Pick<EdgeRow, 'caller' | 'callee' | 'source'> {
  readonly rows: EdgeRow[];
}

/** A child call or a log template of an operation. */
export interface StepGroup {
  readonly service: string;
  readonly operation: string;
  readonly what: 'call' | 'log';
  /** The callee's service of a call; empty for a log line. */
  readonly target: string;
  readonly text: string;
  readonly severityNumber: number;
  /** How many of the operation's spans had it, by slice. */
  readonly spans: Float64Array;
}

/** Lines of a template that belong to no span. */
export interface LineGroup {
  readonly service: string;
  /** The one instance that logged it, or empty when several did. */
  readonly instance: string;
  readonly text: string;
  readonly severityNumber: number;
  /** How many, by slice. */
  readonly lines: Float64Array;
}

export interface Groups {
  /** Each sorted by name, so that equal rows in another order give the same bytes. */
  readonly operations: readonly OperationGroup[];
  readonly edges: readonly EdgeGroup[];
  readonly steps: readonly StepGroup[];
  readonly lines: readonly LineGroup[];
  /** Settled calls by slice of each `service\noperation`: what steps are shares of. */
  readonly settled: ReadonlyMap<string, Float64Array>;
  /** Services that send spans of their own. */
  readonly traced: ReadonlySet<string>;
  /** `service\nslice` of every slice in which a service's spans logged anything. */
  readonly logged: ReadonlySet<string>;
}
