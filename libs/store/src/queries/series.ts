import type { EvidenceQuestion, SeriesRow } from '@faultline/model';
import type { Statement } from '../engine.ts';
import { windowMs } from '../rows.ts';
import {
  type Budget,
  bounded,
  inRange,
  inScope,
  rangeParams,
  scopeParams,
  toSecond,
  windowsBetween,
} from './statement.ts';

const maxSeries = 5_000;
/** So that one service with many series leaves room for the others. */
const maxSeriesOfService = 500;

/** A row of `seriesStatement`: `SeriesRow` with its quantiles still in one array. */
export type SeriesResult = Omit<SeriesRow, 'history'> & {
  readonly historyCount: number;
  readonly historyMin: number;
  readonly historyMax: number;
  /** p01, p25, p50, p75, p99. */
  readonly quantiles: readonly [number, number, number, number, number];
};

/**
 * Series that have points in the near past, with their far past. All is cut into steps of the question; a cumulative series is read as
 * its growth from the last point of the step before (sql/0020_metric_windows.sql has the shapes). A counter that fell was reset: it grew
 * by what it shows. A first point alone has no growth and is left out.
 */
export function seriesStatement(question: EvidenceQuestion, budget: Budget): Statement {
  const key = 'service, metric, Series';
  return bounded(
    `WITH
chosen AS
(
    SELECT Series
    FROM metric_windows
    WHERE ${inScope} AND ${windowsBetween('nearFromSecond', 'nearToSecond')}
    GROUP BY Service, Metric, Series
    ORDER BY sum(Points) DESC, Service, Metric, Series
    LIMIT ${maxSeriesOfService} BY Service
    LIMIT ${maxSeries}
),
steps AS
(
    SELECT
        Service AS service,
        Metric AS metric,
        Series,
        {nearFromMs:Int64} + toInt64(floor((toUnixTimestamp(WindowStart) * 1000 - {nearFromMs:Int64}) / {stepMs:Int64})) * {stepMs:Int64} AS atMs,
        max(Instance) AS instance,
        max(Node) AS node,
        max(Unit) AS unit,
        max(AttributeText) AS attributes,
        max(Shape) AS shape,
        sum(Points) AS points,
        sum(Sum) AS total,
        sum(Weight) AS weight,
        max(Max) AS greatest,
        min(First) AS first,
        max(Last) AS last
    FROM metric_windows
    WHERE ${inScope} AND ${inRange} AND Series IN (chosen)
    GROUP BY ${key}, atMs
),
since AS
(
    SELECT
        *,
        lagInFrame(last) OVER (PARTITION BY ${key} ORDER BY atMs ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS previous,
        toUnixTimestamp64Milli(previous.1) > 0 AS hasPrevious,
        if(hasPrevious, previous, first) AS base,
        if(last.2 < base.2, last.2, last.2 - base.2) AS growth,
        if(last.3 < base.3, last.3, last.3 - base.3) AS weightGrowth,
        (toUnixTimestamp64Milli(last.1) - toUnixTimestamp64Milli(base.1)) / 1000 AS seconds
    FROM steps
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
    service,
    any(instance) AS instance,
    any(node) AS node,
    metric,
    any(unit) AS unit,
    any(attributes) AS attributes,
    arraySort(groupArrayIf((atMs, mean, max, count), atMs >= {nearFromMs:Int64} AND atMs < {nearToMs:Int64})) AS points,
    countIf(inHistory) AS historyCount,
    minIf(mean, inHistory) AS historyMin,
    maxIf(mean, inHistory) AS historyMax,
    quantilesExactIf(0.01, 0.25, 0.5, 0.75, 0.99)(mean, inHistory) AS quantiles
FROM (SELECT *, atMs >= {historyFromMs:Int64} AND atMs < {historyToMs:Int64} AS inHistory FROM read WHERE isFinite(mean))
GROUP BY ${key}
HAVING length(points) > 0
ORDER BY ${key}
LIMIT ${maxSeries}`,
    seriesParams(question),
    budget,
  );
}

/** Steps shorter than a window cannot be told apart. */
export function seriesStepMs(question: Pick<EvidenceQuestion, 'series'>): number {
  return Math.max(windowMs, Math.floor(question.series.stepMs));
}

function seriesParams(question: EvidenceQuestion): Statement['params'] {
  const { series, seriesHistory, scope } = question;
  const all = {
    fromMs: Math.min(series.fromMs, seriesHistory.fromMs),
    toMs: Math.max(series.toMs, seriesHistory.toMs),
  };
  return {
    ...scopeParams(scope),
    ...rangeParams(all),
    nearFromSecond: toSecond(series.fromMs),
    nearToSecond: toSecond(series.toMs),
    nearFromMs: Math.floor(series.fromMs),
    nearToMs: Math.floor(series.toMs),
    historyFromMs: Math.floor(seriesHistory.fromMs),
    historyToMs: Math.floor(seriesHistory.toMs),
    stepMs: seriesStepMs(question),
  };
}

/** The result as the model has it. A series without a far past has zeros and `count` 0. */
export function toSeriesRow(result: SeriesResult): SeriesRow {
  const { historyCount, historyMin, historyMax, quantiles, ...row } = result;
  if (historyCount === 0)
    return { ...row, history: { count: 0, min: 0, p01: 0, p25: 0, p50: 0, p75: 0, p99: 0, max: 0 } };
  const [p01, p25, p50, p75, p99] = quantiles;
  return { ...row, history: { count: historyCount, min: historyMin, p01, p25, p50, p75, p99, max: historyMax } };
}
