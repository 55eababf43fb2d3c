import type { EvidenceQuery } from '@faultline/model';
import type { Statement } from '../engine.ts';
import { type Budget, bounded, inScope, rangeParams, scopeParams } from './statement.ts';

const maxRows = 10_000;
const sinceDay = "Day >= toDate(toDateTime({fromSecond:UInt32}, 'UTC'), 'UTC')";
const lastSigns = `toUnixTimestamp64Milli(max(LastSpan)) AS lastSpanMs,
    toUnixTimestamp64Milli(max(LastMetric)) AS lastMetricMs,
    toUnixTimestamp64Milli(max(LastLog)) AS lastLogMs`;

/** `PresenceRow`s since the day on which the query's `seriesHistory` begins, last seen first. 0 means never. */
export function presenceStatement(query: EvidenceQuery, budget: Budget): Statement {
  return bounded(
    `SELECT
    Service AS service,
    Instance AS instance,
    max(Node) AS node,
    max(Zone) AS zone,
    max(Cluster) AS cluster,
    ${lastSigns}
FROM presence
WHERE ${inScope} AND ${sinceDay}
GROUP BY service, instance
ORDER BY greatest(lastSpanMs, lastMetricMs, lastLogMs) DESC, service, instance
LIMIT ${maxRows}`,
    { ...scopeParams(query), ...rangeParams(query.seriesHistory) },
    budget,
  );
}

/** One row: the latest event time of each signal; 0 when there is none. */
export function watermarksStatement(query: EvidenceQuery, budget: Budget): Statement {
  return bounded(
    `SELECT
    ${lastSigns}
FROM presence
WHERE ${inScope} AND ${sinceDay}
LIMIT 1`,
    { ...scopeParams(query), ...rangeParams(query.seriesHistory) },
    budget,
  );
}
