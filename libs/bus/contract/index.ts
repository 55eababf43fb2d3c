/**
 * The suite that every adapter of the bus passes. It assumes nothing that Kafka does not guarantee: offsets rise, but
 * may skip numbers.
 */
import { describe } from 'vitest';
import { assignmentContract } from './assignments.ts';
import { groupContract } from './groups.ts';
import type { BusUnderTest, Capability, WithBus } from './harness.ts';
import { recordContract } from './records.ts';
import { retentionContract } from './retention.ts';

export type { BusUnderTest, Capability } from './harness.ts';

/**
 * Runs the whole suite over logs made by `createBus`, one per test. `skip` names the capabilities that the adapter
 * cannot show in a test.
 */
export function busContract(
  name: string,
  createBus: () => Promise<BusUnderTest>,
  { skip }: { readonly skip: readonly Capability[] },
): void {
  const withBus: WithBus = (work) => async () => {
    const tested = await createBus();
    try {
      await work(tested);
    } finally {
      await tested.close();
    }
  };
  describe(`bus contract: ${name}`, () => {
    recordContract(withBus);
    assignmentContract(withBus);
    groupContract(withBus);
    retentionContract(withBus, skip);
  });
}
