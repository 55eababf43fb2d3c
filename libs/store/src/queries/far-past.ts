/** What a series was in the weeks before the incident, read from a sample of periods (ADR 0021). */
import type { SeriesRow } from '@faultline/model';
import type { Engine, Statement } from '../engine.ts';
import { periodMs } from '../rows.ts';
import { type AskedSeries, andAround, andChosen, chosenParams, maxSeries } from './chosen-series.ts';
import { isCumulative, sortable } from './series-shape.ts';
import { type Budget, bounded, inRange, inScope, rangeParams } from './statement.ts';

/** Periods of all series together: what is read and sorted in a tenth of a second. */
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
 * `FarPastResult`s of the chosen series, over as many parts of the periods as there may be rows, one at the least: the first part tells how many rows
 * each has. A counter's growth is taken inside each period; one that fell in it tells nothing.
 */
export function farPastStatement(question: AskedSeries, budget: Budget): Statement {
  const where = `${inScope} AND ${inRange}${andAround(question)}`;
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
    PREWHERE ${where} AND Part < parts${andChosen(question)}
    GROUP BY Series, WindowStart
)
WHERE isFinite(mean)
GROUP BY Series
LIMIT ${maxSeries}`,
    { ...chosenParams(question), ...rangeParams(question.seriesHistory) },
    budget,
  );
}

/** The far past of the chosen series by id, of those that have one. */
export async function readFarPast(
  engine: Pick<Engine, 'select'>,
  question: AskedSeries,
  budget: Budget,
): Promise<ReadonlyMap<string, FarPast>> {
  const results = await engine.select<FarPastResult>(farPastStatement(question, budget));
  return new Map(results.map((result) => [result.series, toFarPast(result)]));
}

function toFarPast({ count, min, max, quantiles: [p01, p25, p50, p75, p99] }: FarPastResult): FarPast {
  return { count, min, p01, p25, p50, p75, p99, max };
}
