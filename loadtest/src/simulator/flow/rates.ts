/** Propagates load down the call graph: calls per ms of each operation. */
import type { Operation, Step, System } from '../system/system.ts';
import type { Frame, OperationFrame } from './frame.ts';

/** Failures in the last frame cause retries in this one, and end requests early. */
export function callRates(system: System, requestsPerMs: number, last: Frame | null): Map<Operation, number> {
  const rates = new Map<Operation, number>();
  for (const { operation, weight } of system.entries) rates.set(operation, requestsPerMs * weight);
  for (const { operations } of system.services)
    for (const operation of operations) {
      let liveness = rates.get(operation) ?? 0;
      for (const step of operation.steps) {
        const failing = callFailing(step, last?.operations.get(step.to));
        let attempts = 0;
        for (let i = 0; i <= step.retries; i++) attempts += failing ** i;
        rates.set(step.to, (rates.get(step.to) ?? 0) + liveness * step.chance * attempts);
        if (!step.absorbs) liveness *= 1 - step.chance * failing ** (step.retries + 1);
      }
    }
  return rates;
}

/** Share of single calls that fail for the caller, including timeouts. */
export function callFailing({ timeoutMs, queue }: Step, to: OperationFrame | undefined): number {
  if (to === undefined || queue !== null) return 0;
  const late = Math.exp(-((timeoutMs / Math.max(1, to.latencyMs)) ** 1.5));
  return 1 - (1 - to.failing) * (1 - late);
}
