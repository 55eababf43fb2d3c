/** Which series an answer holds, and what they are called. */
import type { EvidenceQuestion, SeriesRow } from '@faultline/model';
import type { Statement } from '../engine.ts';
import type { Neighbourhood } from './neighbourhood.ts';
import { type Budget, bounded, inScope, scopeParams, toSecond, windowsBetween } from './statement.ts';

export const maxSeries = 5_000;
/** So that one service with many series leaves room for the others. */
const maxSeriesOfService = 500;

/** Who a series is of. `series` is its id as text: it has 64 bits. */
export type SeriesLabels = Pick<SeriesRow, 'service' | 'instance' | 'node' | 'metric' | 'unit' | 'attributes'> & {
  readonly series: string;
};

/** What the statements are asked about. `around`: null for the whole system. */
export type AskedSeries = Pick<EvidenceQuestion, 'scope' | 'series' | 'seriesHistory'> & {
  readonly around?: Neighbourhood | null;
  /** There are more series than an answer holds: the chosen ones have to be told from the others. */
  readonly tooMany?: boolean;
};

/** Metrics of the neighbourhood, and of the machines that the near services run on: the end of a condition, with parameters of `chosenParams`. */
export function andAround({ around = null }: AskedSeries): string {
  if (around === null) return '';
  return ' AND (Service IN {services:Array(String)} OR (Service IN {exporters:Array(String)} AND Node IN {nodes:Array(String)}))';
}

/** The series that have points in the near past, the fullest of each service first where there are too many; parameters of `chosenParams`. */
function chosenSeries(columns: string, question: AskedSeries): string {
  return `SELECT ${columns}
    FROM metric_windows
    PREWHERE ${inScope} AND ${windowsBetween('nearFromSecond', 'nearToSecond')}${andAround(question)}
    GROUP BY Service, Metric, Series
    ORDER BY sum(Points) DESC, Service, Metric, Series
    LIMIT ${maxSeriesOfService} BY Service
    LIMIT ${maxSeries}`;
}

/** The end of a condition: only the chosen series, where there are others. */
export function andChosen(question: AskedSeries): string {
  return question.tooMany === true ? ` AND Series IN\n    (\n    ${chosenSeries('Series', question)}\n    )` : '';
}

/** Whether these are as many as an answer holds, of all or of one service. */
export function areTooMany(labels: readonly SeriesLabels[]): boolean {
  const ofService = new Map<string, number>();
  for (const { service } of labels) ofService.set(service, (ofService.get(service) ?? 0) + 1);
  return labels.length >= maxSeries || Math.max(0, ...ofService.values()) >= maxSeriesOfService;
}

export function chosenParams({ series, scope, around = null }: AskedSeries): Statement['params'] {
  return {
    ...scopeParams(scope),
    ...(around === null ? {} : { services: around.services, exporters: around.exporters, nodes: around.nodes }),
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
