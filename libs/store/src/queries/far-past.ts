/** The distribution of a series in the weeks before, from a sample: docs/adr/0021-evidence-in-time.md. */
import type { SeriesRow } from '@faultline/model';
import type { Engine, Statement } from '../engine.ts';
import { periodMs } from '../rows.ts';
import { andAround, andChosen, chosenParams, maxSeries, type SeriesQuery } from './chosen-series.ts';
import { isCumulative, sortable } from './series-shape.ts';
import { type Budget, bounded, inRange, inScope, rangeParams } from './statement.ts';

/** Periods over all series together: as many as can be read and sorted in a tenth of a second. */
const maxPeriods = 80_000;

type FarPast = SeriesRow['history'];

/** A row of `farPastStatement`. */
export interface FarPastResult {
  readonly series: string;
  readonly count: number;
  readonly min: number;
  readonly max: number;
  /** p01, p25, p50, p75, p99. */
  readonly quantiles: readonly [number, number, number, number, number];
}

export const noFarPast: FarPast = { count: 0, min: 0, p01: 0, p25: 0, p50: 0, p75: 0, p99: 0, max: 0 };

/**
 * `FarPastResult`s of the chosen series. Reads as many of the 29 parts as the row limit allows, at least one; the size
 * of the first part tells how many that is. The growth of a counter is taken inside each period; a period with a reset
 * is ignored.
 */
export function farPastStatement(query: SeriesQuery, budget: Budget): Statement {
  const where = `${inScope} AND ${inRange}${andAround(query)}`;
  return bounded(
    `WITH (SELECT greatest(1, intDiv(${maxPeriods}, count() + 1)) FROM metric_periods WHERE ${where} AND Part = 0) AS parts
SELECT
    toString(Series) AS series,
    count() AS count,
    min(mean) AS min,
    max(mean) AS max,
    quantilesExact(0.01, 0.25, 0.5, 0.75, 0.99)(mean) AS quantiles
FROM
(
    SELECT
        Series,
        any(Shape) AS shape,
        argMinIf(First.2, ${sortable('First')}, ${isCumulative}) AS firstValue,
        argMinIf(First.3, ${sortable('First')}, ${isCumulative}) AS firstWeight,
        argMaxIf(Last.2, ${sortable('Last')}, ${isCumulative}) AS lastValue,
        argMaxIf(Last.3, ${sortable('Last')}, ${isCumulative}) AS lastWeight,
        (toUnixTimestamp64Milli(max(Last.1)) - toUnixTimestamp64Milli(min(First.1))) / 1000 AS seconds,
        multiIf(
            shape = 'counter', if(lastValue < firstValue, nan, (lastValue - firstValue) / seconds),
            shape = 'delta', sum(Sum) / ${periodMs / 1000},
            shape = 'distribution', if(lastWeight < firstWeight, nan, (lastValue - firstValue) / (lastWeight - firstWeight)),
            sum(Sum) / sum(Weight)) AS mean
    FROM metric_periods
    PREWHERE ${where} AND Part < parts${andChosen(query)}
    GROUP BY Series, WindowStart
)
WHERE isFinite(mean)
GROUP BY Series
LIMIT ${maxSeries}`,
    { ...chosenParams(query), ...rangeParams(query.seriesHistory) },
    budget,
  );
}

/** The distribution of each chosen series that has one, by id. */
export async function readFarPast(
  engine: Pick<Engine, 'select'>,
  query: SeriesQuery,
  budget: Budget,
): Promise<ReadonlyMap<string, FarPast>> {
  const results = await engine.select<FarPastResult>(farPastStatement(query, budget));
  return new Map(results.map((result) => [result.series, toFarPast(result)]));
}

function toFarPast({ count, min, max, quantiles: [p01, p25, p50, p75, p99] }: FarPastResult): FarPast {
  return { count, min, p01, p25, p50, p75, p99, max };
}
