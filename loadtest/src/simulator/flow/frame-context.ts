/** What the parts of one frame are settled from: everything of the frame before, and of this one what is settled already. */
import type { Effects } from '../fault/effect.ts';
import type { Instance, Operation, Service, System } from '../system/system.ts';
import type { Capacity } from './capacity.ts';
import type { Frame, InstanceFrame, OperationFrame } from './frame.ts';

export interface FrameContext {
  readonly system: System;
  readonly effects: Effects;
  readonly capacities: ReadonlyMap<Instance, Capacity>;
  readonly atMs: number;
  /** Calls a ms of each operation. */
  readonly rates: ReadonlyMap<Operation, number>;
  readonly last: Frame | null;
  /** Callees before callers. */
  readonly instances: Map<Instance, InstanceFrame>;
  readonly operations: Map<Operation, OperationFrame>;
}

/** The calls of a service's operations, each with its weight. */
export function sumOver(
  service: Service,
  { rates }: Pick<FrameContext, 'rates'>,
  weight: (operation: Operation) => number,
): number {
  return service.operations.reduce((sum, operation) => sum + (rates.get(operation) ?? 0) * weight(operation), 0);
}
