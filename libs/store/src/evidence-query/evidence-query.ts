/**
 * The query that shows a finding: what an engineer pastes into any ClickHouse client to see it for himself. Pure text from where the evidence
 * says that its rows are; whoever shows an incident asks for it, since it is many times as long as what it is made of.
 */
import type { EvidenceSource, EvidenceView, Scope } from '@faultline/model';
import { childrenQuery, edgesQuery, linesQuery, operationsQuery } from './calls.ts';
import type { Asked } from './literal.ts';
import { seriesQuery } from './series.ts';
import { alertsQuery, changesQuery, placeQuery, presenceQuery } from './signs.ts';

const queries: Readonly<Record<EvidenceView, (asked: Asked) => string>> = {
  operations: operationsQuery,
  edges: edgesQuery,
  children: childrenQuery,
  lines: linesQuery,
  series: seriesQuery,
  presence: presenceQuery,
  place: placeQuery,
  alerts: alertsQuery,
  changes: changesQuery,
};

/** One SELECT over the tables of sql/, without parameters, the same on one server and on a cluster. Empty where no rows show it. */
export function evidenceQuery(scope: Scope, source: EvidenceSource | null | undefined): string {
  if (source === null || source === undefined) return '';
  // A later release may know more views.
  const query: ((asked: Asked) => string) | undefined = queries[source.view];
  return query === undefined ? '' : query({ scope, source });
}
