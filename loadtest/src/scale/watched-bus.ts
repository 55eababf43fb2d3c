import { type Bus, type PartitionAssignment, withAssignments } from '@faultline/bus';
import { sleep } from '@faultline/runtime';

/** A bus that knows when all its consumers are idle. */
export interface WatchedBus {
  readonly bus: Bus;
  /** Resolves when every assignment has polled several times in a row without records and without a commit. */
  untilIdle(): Promise<void>;
}

/** Work outside a consumer's loop ends within one or two polls. */
const idlePolls = 4;

/** Watches the assignments of consumers that subscribe through it. */
export function watchBus(bus: Bus): WatchedBus {
  const emptyPolls = new Map<PartitionAssignment, number>();
  const watched = (assignment: PartitionAssignment): Partial<PartitionAssignment> => ({
    commit: async (commit) => {
      await assignment.commit(commit);
      emptyPolls.set(assignment, 0);
    },
    poll: async (limit) => {
      const records = await assignment.poll(limit);
      emptyPolls.set(assignment, records.length > 0 ? 0 : (emptyPolls.get(assignment) ?? 0) + 1);
      return records;
    },
  });
  return {
    bus: withAssignments(bus, watched),
    untilIdle: async () => {
      for (const assignment of emptyPolls.keys()) emptyPolls.set(assignment, 0);
      while ([...emptyPolls.values()].some((count) => count < idlePolls)) await sleep(1);
    },
  };
}
