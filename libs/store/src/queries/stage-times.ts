import type { Engine, Statement } from '../engine.ts';
import { type Budget, bounded } from './statement.ts';

/** Months whose first day is in [from, to), UTC. */
export interface StageTimesRequest {
  readonly tenant: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** How long incidents of one month took to reach one stage. An empty team, service or kind: not known. */
export interface StageTimes {
  /** `2026-03` */
  readonly month: string;
  readonly team: string;
  readonly service: string;
  readonly kind: string;
  /** `detected`, `paged`, `acknowledged`, `causeNamed`, `acted`, `recovered`. */
  readonly stage: string;
  /** Resolved incidents that reached it. */
  readonly incidents: number;
  /** From the onset. */
  readonly meanSeconds: number;
  readonly p90Seconds: number;
}

const maxRows = 5000;

export function stageTimesStatement({ tenant, fromMs, toMs }: StageTimesRequest, budget: Budget): Statement {
  return bounded(
    `SELECT
    formatDateTime(Month, '%Y-%m') AS month,
    Team AS team,
    Service AS service,
    Kind AS kind,
    Stage AS stage,
    toUInt32(count()) AS incidents,
    avg(SecondsFromOnset) AS meanSeconds,
    quantileExact(0.9)(SecondsFromOnset) AS p90Seconds
FROM incident_stages
WHERE Tenant = {tenant:String} AND Stage != 'onset'
    AND Month >= toDate(fromUnixTimestamp64Milli({fromMs:Int64}, 'UTC')) AND Month < toDate(fromUnixTimestamp64Milli({toMs:Int64}, 'UTC'))
GROUP BY month, team, service, kind, stage
ORDER BY month DESC, incidents DESC, team, service, kind, stage
LIMIT ${maxRows}`,
    { tenant, fromMs, toMs },
    budget,
  );
}

export async function readStageTimes(
  engine: Pick<Engine, 'select'>,
  request: StageTimesRequest,
  budget: Budget,
): Promise<readonly StageTimes[]> {
  return engine.select<StageTimes>(stageTimesStatement(request, budget));
}
