import type { EvidenceQuestion, SeriesRow } from '@faultline/model';
import type { Engine, Statement } from '../engine.ts';
import { windowMs } from '../rows.ts';
import type { Neighbourhood } from './neighbourhood.ts';
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

/** Who a series is of. `series` is its id as text: it has 64 bits. */
export type SeriesLabels = Pick<SeriesRow, 'service' | 'instance' | 'node' | 'metric' | 'unit' | 'attributes'> & {
  readonly series: string;
};

/** A row of `seriesStatement`: one series' points and far past, its quantiles still in one array. */
export interface SeriesResult {
  readonly series: string;
  readonly points: SeriesRow['points'];
  readonly historyCount: number;
  readonly historyMin: number;
  readonly historyMax: number;
  /** p01, p25, p50, p75, p99. */
  readonly quantiles: readonly [number, number, number, number, number];
}

/** What the statements are asked about. `around`: null for the whole system. */
export type AskedSeries = Pick<EvidenceQuestion, 'scope' | 'series' | 'seriesHistory'> & {
  readonly around?: Neighbourhood | null;
};

/** Metrics of the neighbourhood, and of the machines that the near services run on. */
const isAround =
  '(Service IN {services:Array(String)} OR (Service IN {exporters:Array(String)} AND Node IN {nodes:Array(String)}))';

/** The series that have points in the near past, the fullest of each service first where there are too many. */
function chosen(columns: string, { around = null }: AskedSeries): string {
  return `SELECT ${columns}
    FROM metric_windows
    PREWHERE ${inScope} AND ${windowsBetween('nearFromSecond', 'nearToSecond')}${around === null ? '' : ` AND ${isAround}`}
    GROUP BY Service, Metric, Series
    ORDER BY sum(Points) DESC, Service, Metric, Series
    LIMIT ${maxSeriesOfService} BY Service
    LIMIT ${maxSeries}`;
}

/** `SeriesLabels` by service, metric and series. Asked apart from the points: names are read once for a series and not for each step. */
export function seriesLabelsStatement(question: AskedSeries, budget: Budget): Statement {
  const columns = `Service AS service, Metric AS metric, toString(Series) AS series, any(Instance) AS instance, any(Node) AS node,
        any(Unit) AS unit, any(AttributeText) AS attributes`;
  return bounded(
    `SELECT *
FROM
(
    ${chosen(columns, question)}
)
ORDER BY service, metric, series
LIMIT ${maxSeries}`,
    seriesParams(question),
    budget,
  );
}

const isCumulative = "Shape IN ('counter', 'distribution')";

/** Sorts as the tuple does by its time and then its value; tuples themselves are compared a hundred times as slowly. */
const sortable = (point: string) => {
  const bits = `reinterpretAsUInt64(${point}.2)`;
  const ordered = `bitXor(${bits}, if(${bits} >= 9223372036854775808, 18446744073709551615, 9223372036854775808))`;
  return `bitOr(bitShiftLeft(toUInt128(toUnixTimestamp64Milli(${point}.1)), 64), toUInt128(${ordered}))`;
};

/**
 * `SeriesResult`s: the points and the far past of the chosen series. All is cut into steps of the question; a cumulative series is read as
 * its growth from the last point of the step before (sql/0020_metric_windows.sql has the shapes). A counter that fell was reset: it grew
 * by what it shows. A first point alone has no growth and is left out.
 */
export function seriesStatement(question: AskedSeries, budget: Budget): Statement {
  const where = (question.around ?? null) === null ? '' : ` AND ${isAround}`;
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
    PREWHERE ${inScope} AND ${inRange}${where} AND Series IN
    (
    ${chosen('Series', question)}
    )
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
    arraySort(groupArrayIf((atMs, mean, max, count), atMs >= {nearFromMs:Int64} AND atMs < {nearToMs:Int64})) AS points,
    countIf(inHistory) AS historyCount,
    minIf(mean, inHistory) AS historyMin,
    maxIf(mean, inHistory) AS historyMax,
    quantilesExactIf(0.01, 0.25, 0.5, 0.75, 0.99)(mean, inHistory) AS quantiles
FROM (SELECT *, atMs >= {historyFromMs:Int64} AND atMs < {historyToMs:Int64} AS inHistory FROM read WHERE isFinite(mean))
GROUP BY Series
HAVING length(points) > 0
LIMIT ${maxSeries}`,
    seriesParams(question),
    budget,
  );
}

/** `SeriesRow`s by service, metric and series. */
export async function readSeries(
  engine: Pick<Engine, 'select'>,
  question: AskedSeries,
  budget: Budget,
): Promise<readonly SeriesRow[]> {
  const labels = await engine.select<SeriesLabels>(seriesLabelsStatement(question, budget));
  if (labels.length === 0) return [];
  const results = await engine.select<SeriesResult>(seriesStatement(question, budget));
  const bySeries = new Map(results.map((result) => [result.series, result]));
  return labels.flatMap((label) => {
    const result = bySeries.get(label.series);
    return result === undefined ? [] : [toSeriesRow(label, result)];
  });
}

/** Steps shorter than a window cannot be told apart. */
export function seriesStepMs(question: Pick<EvidenceQuestion, 'series'>): number {
  return Math.max(windowMs, Math.floor(question.series.stepMs));
}

function seriesParams(question: AskedSeries): Statement['params'] {
  const { series, seriesHistory, scope, around = null } = question;
  const all = {
    fromMs: Math.min(series.fromMs, seriesHistory.fromMs),
    toMs: Math.max(series.toMs, seriesHistory.toMs),
  };
  return {
    ...scopeParams(scope),
    ...(around === null ? {} : { services: around.services, exporters: around.exporters, nodes: around.nodes }),
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
export function toSeriesRow({ series: _id, ...labels }: SeriesLabels, result: SeriesResult): SeriesRow {
  const { points, historyCount, historyMin, historyMax, quantiles } = result;
  const row = { ...labels, points };
  if (historyCount === 0)
    return { ...row, history: { count: 0, min: 0, p01: 0, p25: 0, p50: 0, p75: 0, p99: 0, max: 0 } };
  const [p01, p25, p50, p75, p99] = quantiles;
  return { ...row, history: { count: historyCount, min: historyMin, p01, p25, p50, p75, p99, max: historyMax } };
}
