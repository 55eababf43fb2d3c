/** The fault of one object of a cluster, as a hypothesis names it. */
import type { WorkloadFinding } from './workload-finding.ts';

/** What a hypothesis keeps of a `WorkloadFinding`: facts only. `faultText` words them. */
export type ObjectFault = Pick<
  WorkloadFinding,
  | 'id'
  | 'mechanism'
  | 'object'
  | 'field'
  | 'target'
  | 'targetKey'
  | 'sinceMs'
  | 'endedAtMs'
  | 'affected'
  | 'total'
  | 'measures'
  | 'changedBy'
>;

/** The fault that a finding reports. */
export function faultOfFinding(finding: ObjectFault): ObjectFault {
  const { id, mechanism, object, field, target, targetKey, sinceMs, endedAtMs, affected, total, measures, changedBy } =
    finding;
  return { id, mechanism, object, field, target, targetKey, sinceMs, endedAtMs, affected, total, measures, changedBy };
}
