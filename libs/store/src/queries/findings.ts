import type { WorkloadFinding } from '@faultline/model';
import type { Engine, Statement } from '../engine.ts';
import { type Budget, bounded } from './statement.ts';

/** The faults of one workload that ended in a range: from inclusive, to exclusive. */
export interface FindingFilter {
  readonly tenant: string;
  readonly cluster: string;
  readonly namespace: string;
  /** One of these, as `entities.workload` has it. */
  readonly workloads: readonly string[];
  readonly endedFromMs: number;
  readonly endedToMs: number;
}

const maxRows = 500;

/** The last version of each fault, the one that ended last first. A fault that came back has one row for each time. */
export function findingsStatement({ workloads, ...filter }: FindingFilter, budget: Budget): Statement {
  return bounded(
    `SELECT Body AS body
FROM
(
    SELECT *
    FROM workload_findings
    WHERE Tenant = {tenant:String} AND Cluster = {cluster:String} AND ObjectNamespace = {namespace:String}
        AND Workload IN {workloads:Array(String)}
    ORDER BY Id, Since, ObservedAt DESC
    LIMIT 1 BY Id, Since
)
WHERE EndedAt >= fromUnixTimestamp64Milli({endedFromMs:Int64}) AND EndedAt < fromUnixTimestamp64Milli({endedToMs:Int64})
ORDER BY EndedAt DESC, Id
LIMIT ${maxRows}`,
    { ...filter, workloads: [...workloads] },
    budget,
  );
}

export async function listFindings(
  engine: Pick<Engine, 'select'>,
  filter: FindingFilter,
  budget: Budget,
): Promise<readonly WorkloadFinding[]> {
  const rows = await engine.select<{ readonly body: string }>(findingsStatement(filter, budget));
  return rows.map(({ body }) => JSON.parse(body) as WorkloadFinding);
}
