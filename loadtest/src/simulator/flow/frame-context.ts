/** Inputs for computing one frame: the frame before, and the parts of this frame that are already computed. */
import type { Effects } from '../fault/effect.ts';
import type { Instance, Operation, Service, System } from '../system/system.ts';
import type { Capacity } from './capacity.ts';
import type { Frame, InstanceFrame, OperationFrame } from './frame.ts';

export interface FrameContext {
  readonly system: System;
  readonly effects: Effects;
  readonly capacities: ReadonlyMap<Instance, Capacity>;
  readonly atMs: number;
  /** Calls per ms, by operation. */
  readonly rates: ReadonlyMap<Operation, number>;
  readonly last: Frame | null;
  /** Filled in the order callees before callers. */
  readonly instances: Map<Instance, InstanceFrame>;
  readonly operations: Map<Operation, OperationFrame>;
}

/** Sums a weight over the calls of a service, per ms. */
export function sumOver(
  service: Service,
  { rates }: Pick<FrameContext, 'rates'>,
  weight: (operation: Operation) => number,
): number {
  return service.operations.reduce((sum, operation) => sum + (rates.get(operation) ?? 0) * weight(operation), 0);
}
