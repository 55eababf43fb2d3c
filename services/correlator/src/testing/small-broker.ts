import { type Bus, type Commit, withAssignments } from '@faultline/bus';
import { AppError } from '@faultline/runtime';

/** A log whose broker refuses commits that `accepts` refuses, although every record is within `maxRecordBytes`. */
export function smallBroker(bus: Bus, accepts: (commit: Commit) => boolean): Bus {
  return withAssignments(bus, (assignment) => ({
    commit: async (commit) => {
      if (accepts(commit)) return assignment.commit(commit);
      throw new AppError('BUS_RECORD_TOO_LARGE', 'the broker takes less', { kind: 'permanent' });
    },
  }));
}
