/** The handlers of WorkloadService. */

import { unimplemented } from '../errors.ts';
import type { WorkloadHandlers } from '../operations/workloads.ts';

const notYet = async (): Promise<never> => {
  throw unimplemented('this release does not answer it');
};

export function createWorkloadHandlers({
  rightsizing,
}: Pick<WorkloadHandlers['workloads'], 'rightsizing'>): WorkloadHandlers['workloads'] {
  return { list: notYet, get: notYet, changes: notYet, drift: notYet, acceptDrift: notYet, rightsizing };
}
