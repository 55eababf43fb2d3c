/** Queries for what exists and where: last telemetry, instances per failure domain, alerts and changes. */

import { quoted } from '../quoted.ts';
import { inEnvironments, inScope, inSides, matching, moment, type Selection, where } from './literal.ts';
import { meanMs } from './measure.ts';

/** The instances of a service with their last telemetry, beside the latest of any service. */
export function presenceQuery({ scope, source }: Selection): string {
  const recent = [inScope(scope), `Day >= toDate(${moment(source.before.fromMs)}, 'UTC')`];
  const ofAnybody = (column: string) => `(SELECT max(${column}) FROM presence ${where(recent).replace(/\n\s+/g, ' ')})`;
  return `SELECT
    Instance AS instance,
    max(Node) AS node,
    max(Zone) AS zone,
    max(LastSpan) AS last_span,
    ${ofAnybody('LastSpan')} AS last_span_of_anybody,
    max(LastLog) AS last_log,
    ${ofAnybody('LastLog')} AS last_log_of_anybody,
    max(LastMetric) AS last_metric,
    ${ofAnybody('LastMetric')} AS last_metric_of_anybody
FROM presence
${where([...recent, ...matching({ Service: source.service })])}
GROUP BY instance
ORDER BY greatest(last_span, last_log, last_metric), instance
LIMIT 1000`;
}

/** The instances on a node or in a zone first, then those of the same services elsewhere. */
export function placeQuery({ scope, source }: Selection): string {
  const { before, during } = source;
  const place = quoted(source.service);
  const perSide = (sql: (condition: string) => string, name: string) =>
    `${sql('is_before')} AS ${name}_before,\n    ${sql('NOT is_before')} AS ${name}_during`;
  const here = `SELECT Service FROM presence WHERE ${inScope(scope)} AND Day >= toDate(${moment(before.fromMs)}, 'UTC') AND (Node = ${place} OR Zone = ${place})`;
  return `WITH
    WindowStart < ${moment(during.fromMs)} AS is_before,
    sumMapIf(Self, is_before) AS own_time_before,
    sumMapIf(Self, NOT is_before) AS own_time_during
SELECT
    max(Node) AS node,
    max(Zone) AS zone,
    Service AS service,
    Instance AS instance,
    ${perSide((side) => `sumIf(Calls, ${side})`, 'calls')},
    ${perSide((side) => `sumIf(OwnErrors, ${side})`, 'own_errors')},
    ${meanMs('own_time_before')} AS own_time_mean_ms_before,
    ${meanMs('own_time_during')} AS own_time_mean_ms_during,
    max(LastSeen) AS last_span
FROM operation_windows
${where([inScope(scope), inSides(source), `Service GLOBAL IN (${here})`, "Kind NOT IN ('client', 'producer')"])}
GROUP BY service, instance
ORDER BY node = ${place} OR zone = ${place} DESC, service, instance
LIMIT 1000`;
}

/** An alert without an environment may belong to any. */
export function alertsQuery({ scope, source }: Selection): string {
  const mine = `Tenant = ${quoted(scope.tenant)} AND ${inEnvironments([...scope.environments, ''])}`;
  const times = `StartsAt >= ${moment(source.before.fromMs)} AND StartsAt < ${moment(source.during.toMs)}`;
  return `SELECT StartsAt AS starts_at, EndsAt AS ends_at, Name AS name, Status AS status, Severity AS severity, Summary AS summary, Url AS url
FROM alerts FINAL
${where([mine, times, `has(mapValues(Entities), ${quoted(source.service)})`])}
ORDER BY starts_at
LIMIT 1000`;
}

/** A change without an environment applies to every environment. */
export function changesQuery({ scope, source }: Selection): string {
  const mine = `Tenant = ${quoted(scope.tenant)} AND ${inEnvironments([...scope.environments, ''])}`;
  return `SELECT StartedAt AS started_at, EndedAt AS ended_at, Kind AS kind, Summary AS summary, Actor AS actor, PreviousVersion AS previous_version, Version AS version, Url AS url
FROM changes FINAL
${where([mine, ...matching({ Id: source.text })])}
LIMIT 1000`;
}
