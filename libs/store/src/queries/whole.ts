/** An overview of the whole system: two cheap queries over periods, from which the neighbourhood is chosen. */
import type { EvidenceQuery, TimeRange } from '@faultline/model';
import type { Engine, Statement } from '../engine.ts';
import { periodMs } from '../rows.ts';
import type { WholeSystem } from './neighbourhood.ts';
import { type Budget, bounded, inRange, inScope, rangeParams, scopeParams } from './statement.ts';

const maxCalls = 20_000;
const maxErring = 100;

/** From the start of the first slice to the end of the last, widened to periods. */
function wholeRange({ slices }: Pick<EvidenceQuery, 'slices'>): TimeRange {
  const fromMs = Math.min(...slices.map((slice) => slice.fromMs));
  const toMs = Math.max(...slices.map((slice) => slice.toMs));
  return slices.length === 0 ? { fromMs: 0, toMs: 0 } : { fromMs: Math.floor(fromMs / periodMs) * periodMs, toMs };
}

/** Who calls whom, busiest first. */
export function callsStatement(
  query: Pick<EvidenceQuery, 'scope' | 'slices' | 'environments'>,
  budget: Budget,
): Statement {
  return bounded(
    `SELECT
    Caller AS caller,
    Callee AS callee,
    sum(Calls) AS calls
FROM edge_periods
WHERE ${inScope} AND ${inRange}
GROUP BY caller, callee
ORDER BY calls DESC, caller, callee
LIMIT ${maxCalls}`,
    { ...scopeParams(query), ...rangeParams(wholeRange(query)) },
    budget,
  );
}

/** Services with more errors since the baseline than its error ratio predicts, worst first. */
export function erringStatement(
  query: Pick<EvidenceQuery, 'scope' | 'slices' | 'environments'>,
  budget: Budget,
): Statement {
  const since = { ...wholeRange(query), fromMs: query.slices[0]?.toMs ?? 0 };
  return bounded(
    `SELECT
    Service AS service,
    sumIf(Errors, isSince) AS errors,
    sumIf(Calls, isSince) AS calls,
    sumIf(Errors, NOT isSince) / greatest(1, sumIf(Calls, NOT isSince)) AS ratioBefore,
    errors - calls * ratioBefore AS excess
FROM (SELECT Service, Calls, Errors, WindowStart >= toDateTime({sinceSecond:UInt32}, 'UTC') AS isSince FROM operation_periods WHERE ${inScope} AND ${inRange})
GROUP BY service
HAVING excess > 1
ORDER BY excess DESC, service
LIMIT ${maxErring}`,
    {
      ...scopeParams(query),
      ...rangeParams(wholeRange(query)),
      sinceSecond: Math.floor(since.fromMs / periodMs) * (periodMs / 1000),
    },
    budget,
  );
}

type Calls = WholeSystem['calls'];

export async function readCalls(engine: Pick<Engine, 'select'>, query: EvidenceQuery, budget: Budget): Promise<Calls> {
  return engine.select<Calls[number]>(callsStatement(query, budget));
}

export async function readErring(
  engine: Pick<Engine, 'select'>,
  query: EvidenceQuery,
  budget: Budget,
): Promise<readonly string[]> {
  const rows = await engine.select<{ service: string }>(erringStatement(query, budget));
  return rows.map(({ service }) => service);
}
