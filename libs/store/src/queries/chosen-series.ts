/** Which series a result holds, and their labels. */
import type { EvidenceQuery, SeriesRow } from '@faultline/model';
import type { Statement } from '../engine.ts';
import type { Neighbourhood } from './neighbourhood.ts';
import { type Budget, bounded, inScope, scopeParams, toSecond, windowsBetween } from './statement.ts';

/** With their points these take half a second of the engine's time and ten megabytes. */
export const maxSeries = 1_500;

/** The labels of a series. `series` is its 64-bit id as text. */
export type SeriesLabels = Pick<SeriesRow, 'service' | 'instance' | 'node' | 'metric' | 'unit' | 'attributes'> & {
  readonly series: string;
};

/** What the statements cover. `around` is null for the whole system. */
export type SeriesQuery = Pick<EvidenceQuery, 'scope' | 'series' | 'seriesHistory' | 'environments'> & {
  readonly around?: Neighbourhood | null;
  /** The metric names of the chosen series, and whether there are more series than a result holds. */
  readonly chosen?: { readonly metrics: readonly string[]; readonly tooMany: boolean };
};

/**
 * A condition for metrics of the neighbourhood, and of the nodes on which the near services run. Uses parameters of
 * `chosenParams`.
 */
export function andAround({ around = null }: SeriesQuery): string {
  if (around === null) return '';
  return ' AND (Service IN {services:Array(String)} OR (Service IN {exporters:Array(String)} AND Node IN {nodes:Array(String)}))';
}

/**
 * The series with points in the recent range. When there are too many, those with most points of each service in turn.
 * Uses parameters of `chosenParams`.
 */
function chosenSeries(columns: string, query: SeriesQuery): string {
  const telling = query.series.metrics === undefined ? '' : ' AND match(lower(Metric), {metrics:String})';
  return `SELECT ${columns}
    FROM metric_windows
    PREWHERE ${inScope} AND ${windowsBetween('nearFromSecond', 'nearToSecond')}${andAround(query)}${telling}
    GROUP BY Service, Metric, Series
    ORDER BY row_number() OVER (PARTITION BY Service ORDER BY sum(Points) DESC, Metric, Series), Service
    LIMIT ${maxSeries}`;
}

/**
 * A condition for the chosen series: by metric name, which is fast to compare, or one by one when names are not enough.
 */
export function andChosen({ chosen, ...query }: SeriesQuery): string {
  if (chosen?.tooMany === true) return ` AND Series IN\n    (\n    ${chosenSeries('Series', query)}\n    )`;
  return chosen === undefined || query.series.metrics === undefined
    ? ''
    : ' AND Metric IN {chosenMetrics:Array(String)}';
}

/** Derives the choice from the labels. */
export function chosenOf(labels: readonly SeriesLabels[]): NonNullable<SeriesQuery['chosen']> {
  return { metrics: [...new Set(labels.map(({ metric }) => metric))], tooMany: labels.length >= maxSeries };
}

export function chosenParams(query: SeriesQuery): Statement['params'] {
  const { series, around = null, chosen } = query;
  return {
    ...scopeParams(query),
    ...(around === null ? {} : { services: around.services, exporters: around.exporters, nodes: around.nodes }),
    ...(series.metrics === undefined ? {} : { metrics: series.metrics }),
    ...(chosen === undefined ? {} : { chosenMetrics: chosen.metrics }),
    nearFromSecond: toSecond(series.fromMs),
    nearToSecond: toSecond(series.toMs),
  };
}

/**
 * `SeriesLabels` by service, metric and series. Read separately from the points, so that names are read once per series
 * instead of once per step.
 */
export function seriesLabelsStatement(query: SeriesQuery, budget: Budget): Statement {
  const columns = `Service AS service, Metric AS metric, toString(Series) AS series, any(Instance) AS instance, any(Node) AS node,
        any(Unit) AS unit, any(AttributeText) AS attributes`;
  return bounded(
    `SELECT *
FROM
(
    ${chosenSeries(columns, query)}
)
ORDER BY service, metric, series
LIMIT ${maxSeries}`,
    chosenParams(query),
    budget,
  );
}
