import type { EvidenceQuery, SeriesRow } from '@faultline/model';
import type { Engine, Statement } from '../engine.ts';
import { windowMs } from '../rows.ts';
import {
  andAround,
  andChosen,
  chosenOf,
  chosenParams,
  maxSeries,
  type SeriesLabels,
  type SeriesQuery,
  seriesLabelsStatement,
} from './chosen-series.ts';
import { noFarPast, readFarPast } from './far-past.ts';
import { isCumulative, sortable } from './series-shape.ts';
import { type Budget, bounded, inRange, inScope, rangeParams } from './statement.ts';

/** A row of `seriesStatement`. */
export interface SeriesPoints extends Pick<SeriesRow, 'points'> {
  readonly series: string;
}

/**
 * `SeriesPoints` of the chosen series in the steps of the query. A cumulative series is read as its growth since the
 * last point of the previous step (sql/0020_metric_windows.sql lists the shapes). A counter that fell was reset, so its
 * growth is its value. A first point on its own has no growth and is left out.
 */
export function seriesStatement(query: SeriesQuery, budget: Budget): Statement {
  return bounded(
    `WITH
steps AS
(
    SELECT
        Series,
        {nearFromMs:Int64} + toInt64(floor((toUnixTimestamp(WindowStart) * 1000 - {nearFromMs:Int64}) / {stepMs:Int64})) * {stepMs:Int64} AS atMs,
        any(Shape) AS shape,
        sum(Points) AS points,
        sum(Sum) AS total,
        sum(Weight) AS weight,
        max(Max) AS greatest,
        toUnixTimestamp64Milli(min(First.1)) AS firstMs,
        toUnixTimestamp64Milli(max(Last.1)) AS lastMs,
        argMinIf(First.2, ${sortable('First')}, ${isCumulative}) AS firstValue,
        argMinIf(First.3, ${sortable('First')}, ${isCumulative}) AS firstWeight,
        argMaxIf(Last.2, ${sortable('Last')}, ${isCumulative}) AS lastValue,
        argMaxIf(Last.3, ${sortable('Last')}, ${isCumulative}) AS lastWeight
    FROM metric_windows
    PREWHERE ${inScope} AND ${inRange}${andAround(query)}${andChosen(query)}
    GROUP BY Series, atMs
),
since AS
(
    SELECT
        *,
        lagInFrame(lastMs) OVER before AS previousMs,
        previousMs > 0 AS hasPrevious,
        if(hasPrevious, lagInFrame(lastValue) OVER before, firstValue) AS baseValue,
        if(hasPrevious, lagInFrame(lastWeight) OVER before, firstWeight) AS baseWeight,
        if(lastValue < baseValue, lastValue, lastValue - baseValue) AS growth,
        if(lastWeight < baseWeight, lastWeight, lastWeight - baseWeight) AS weightGrowth,
        (lastMs - if(hasPrevious, previousMs, firstMs)) / 1000 AS seconds
    FROM steps
    WINDOW before AS (PARTITION BY Series ORDER BY atMs ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)
),
read AS
(
    SELECT
        *,
        multiIf(
            shape = 'counter', growth / seconds,
            shape = 'delta', total / if(hasPrevious, seconds, {stepMs:Int64} / 1000),
            shape = 'distribution', growth / weightGrowth,
            total / weight) AS mean,
        if(shape = 'gauge', greatest, mean) AS max,
        multiIf(shape = 'distribution', weightGrowth, shape = 'distribution-delta', weight, toFloat64(points)) AS count
    FROM since
)
SELECT
    toString(Series) AS series,
    arraySort(groupArray((atMs, mean, max, count))) AS points
FROM read
WHERE isFinite(mean) AND atMs >= {nearFromMs:Int64} AND atMs < {nearToMs:Int64}
GROUP BY Series
LIMIT ${maxSeries}`,
    seriesParams(query),
    budget,
  );
}

function seriesParams(query: SeriesQuery): Statement['params'] {
  const { series } = query;
  return {
    ...chosenParams(query),
    ...rangeParams({ fromMs: series.fromMs - leadMs, toMs: series.toMs }),
    nearFromMs: Math.floor(series.fromMs),
    nearToMs: Math.floor(series.toMs),
    stepMs: seriesStepMs(query),
  };
}

/**
 * How much is read before the first step, to find the last point before it: the longest common interval plus its delay.
 */
const leadMs = 600_000;

/** `SeriesRow`s by service, metric and series. */
export async function readSeries(
  engine: Pick<Engine, 'select'>,
  query: SeriesQuery,
  budget: Budget,
): Promise<readonly SeriesRow[]> {
  const labels = await engine.select<SeriesLabels>(seriesLabelsStatement(query, budget));
  if (labels.length === 0) return [];
  const selected = { ...query, chosen: chosenOf(labels) };
  const [results, past] = await Promise.all([
    engine.select<SeriesPoints>(seriesStatement(selected, budget)),
    readFarPast(engine, selected, budget),
  ]);
  const bySeries = new Map(results.map(({ series, points }) => [series, points]));
  return labels.flatMap(({ series, ...label }) => {
    const points = bySeries.get(series);
    return points === undefined ? [] : [{ ...label, points, history: past.get(series) ?? noFarPast }];
  });
}

/** A step is at least one window. */
export function seriesStepMs(query: Pick<EvidenceQuery, 'series'>): number {
  return Math.max(windowMs, Math.floor(query.series.stepMs));
}
