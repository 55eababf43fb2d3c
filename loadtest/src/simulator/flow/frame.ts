/** One frame: averages over a few seconds. */
import type { Instance, Operation } from '../system/system.ts';
import type { Queued } from './queueing.ts';

export const frameMs = 5_000;

export interface InstanceFrame {
  readonly isUp: boolean;
  /** A dead instance still gets calls until its probes fail. */
  readonly inRotation: boolean;
  readonly callsPerMs: number;
  readonly coresUsed: number;
  readonly utilisation: number;
  /** Factor on CPU time of calls. */
  readonly stretch: number;
  readonly queue: Queued;
  readonly pool: Queued;
  readonly poolSize: number;
  readonly memoryShare: number;
  readonly restarts: number;
  readonly diskBusy: number;
}

export interface OperationFrame {
  readonly callsPerMs: number;
  readonly latencyMs: number;
  /** Share of calls that fail for their caller, without timeouts. */
  readonly failing: number;
}

export interface Frame {
  readonly atMs: number;
  readonly requestsPerMs: number;
  readonly instances: ReadonlyMap<Instance, InstanceFrame>;
  readonly operations: ReadonlyMap<Operation, OperationFrame>;
  /** Cores in use, by node. */
  readonly nodeCores: ReadonlyMap<string, number>;
}
