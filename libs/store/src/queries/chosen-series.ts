/** Which series an answer holds, and what they are called. */
import type { EvidenceQuery, SeriesRow } from '@faultline/model';
import type { Statement } from '../engine.ts';
import type { Neighbourhood } from './neighbourhood.ts';
import { type Budget, bounded, inScope, scopeParams, toSecond, windowsBetween } from './statement.ts';

/** With their points: half a second of the engine's time, ten megabytes of an answer. */
export const maxSeries = 1_500;

/** Who a series is of. `series` is its id as text: it has 64 bits. */
export type SeriesLabels = Pick<SeriesRow, 'service' | 'instance' | 'node' | 'metric' | 'unit' | 'attributes'> & {
  readonly series: string;
};

/** What the statements are asked about. `around`: null for the whole system. */
export type AskedSeries = Pick<EvidenceQuery, 'scope' | 'series' | 'seriesHistory'> & {
  readonly around?: Neighbourhood | null;
  /** Of the chosen series: the names of their metrics, and whether there are more series than an answer holds. */
  readonly chosen?: { readonly metrics: readonly string[]; readonly tooMany: boolean };
};

/** Metrics of the neighbourhood, and of the machines that the near services run on: the end of a condition, with parameters of `chosenParams`. */
export function andAround({ around = null }: AskedSeries): string {
  if (around === null) return '';
  return ' AND (Service IN {services:Array(String)} OR (Service IN {exporters:Array(String)} AND Node IN {nodes:Array(String)}))';
}

/** The series that have points in the near past; where there are too many, of each service in turn the fullest. Parameters of `chosenParams`. */
function chosenSeries(columns: string, question: AskedSeries): string {
  const telling = question.series.metrics === undefined ? '' : ' AND match(lower(Metric), {metrics:String})';
  return `SELECT ${columns}
    FROM metric_windows
    PREWHERE ${inScope} AND ${windowsBetween('nearFromSecond', 'nearToSecond')}${andAround(question)}${telling}
    GROUP BY Service, Metric, Series
    ORDER BY row_number() OVER (PARTITION BY Service ORDER BY sum(Points) DESC, Metric, Series), Service
    LIMIT ${maxSeries}`;
}

/** The end of a condition: only the chosen series. By the names of their metrics, which are quickly compared; one by one only where that would not do. */
export function andChosen({ chosen, ...question }: AskedSeries): string {
  if (chosen?.tooMany === true) return ` AND Series IN\n    (\n    ${chosenSeries('Series', question)}\n    )`;
  return chosen === undefined || question.series.metrics === undefined
    ? ''
    : ' AND Metric IN {chosenMetrics:Array(String)}';
}

/** What the labels tell of the choice. */
export function chosenOf(labels: readonly SeriesLabels[]): NonNullable<AskedSeries['chosen']> {
  return { metrics: [...new Set(labels.map(({ metric }) => metric))], tooMany: labels.length >= maxSeries };
}

export function chosenParams({ series, scope, around = null, chosen }: AskedSeries): Statement['params'] {
  return {
    ...scopeParams(scope),
    ...(around === null ? {} : { services: around.services, exporters: around.exporters, nodes: around.nodes }),
    ...(series.metrics === undefined ? {} : { metrics: series.metrics }),
    ...(chosen === undefined ? {} : { chosenMetrics: chosen.metrics }),
    nearFromSecond: toSecond(series.fromMs),
    nearToSecond: toSecond(series.toMs),
  };
}

/** `SeriesLabels` by service, metric and series. Asked apart from the points: names are read once for a series and not for each step. */
export function seriesLabelsStatement(question: AskedSeries, budget: Budget): Statement {
  const columns = `Service AS service, Metric AS metric, toString(Series) AS series, any(Instance) AS instance, any(Node) AS node,
        any(Unit) AS unit, any(AttributeText) AS attributes`;
  return bounded(
    `SELECT *
FROM
(
    ${chosenSeries(columns, question)}
)
ORDER BY service, metric, series
LIMIT ${maxSeries}`,
    chosenParams(question),
    budget,
  );
}
