/**
 * The query behind a piece of evidence, which an engineer can paste into any ClickHouse client. It is derived from the
 * evidence's `EvidenceSource` whenever an incident is shown. It is not stored, because the text is many times longer
 * than its source.
 */
import type { EvidenceSource, EvidenceView, Incident } from '@faultline/model';
import { childrenQuery, edgesQuery, linesQuery, operationsQuery } from './calls.ts';
import type { QueryScope, Selection } from './literal.ts';
import { seriesQuery } from './series.ts';
import { alertsQuery, changesQuery, placeQuery, presenceQuery } from './signs.ts';

const queries: Readonly<Record<EvidenceView, (selected: Selection) => string>> = {
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

/**
 * One SELECT over the tables of sql/ without parameters, the same on one server and on a cluster. Empty when there are
 * no rows to show.
 */
export function evidenceQuery(scope: QueryScope, source: EvidenceSource | null | undefined): string {
  if (source === null || source === undefined) return '';
  // A later release may know more views.
  const query: ((selected: Selection) => string) | undefined = queries[source.view];
  return query === undefined ? '' : query(unqualified(scope, source));
}

/** What was read for an incident. */
export function queryScopeOf({
  scope,
  environmentReading,
}: Pick<Incident, 'scope' | 'environmentReading'>): QueryScope {
  return { tenant: scope.tenant, environments: environmentReading?.read ?? [scope.environment] };
}

/** Where several environments were read, `staging/checkout` is `checkout` in staging. */
function unqualified(scope: QueryScope, source: EvidenceSource): Selection {
  const { tenant, environments } = scope;
  const own = environments.find((name) => [source.service, source.peer].some((one) => one.startsWith(`${name}/`)));
  if (own === undefined || environments.length < 2) return { scope, source };
  const plain = (name: string) => (name.startsWith(`${own}/`) ? name.slice(own.length + 1) : name);
  const named = { ...source, service: plain(source.service), peer: plain(source.peer) };
  return { scope: { tenant, environments: [own] }, source: named };
}
