import { type Evidence, faultText, type Incident } from '@faultline/model';
import { evidenceQuery, queryScopeOf } from '@faultline/store/evidence-query';

/** Time fields of the incident record. `p95Ms` is a duration and stays a number. */
const timeFields = new Set([
  'startedAtMs',
  'detectedAtMs',
  'updatedAtMs',
  'resolvedAtMs',
  'startsAtMs',
  'endsAtMs',
  'endedAtMs',
  'sinceMs',
  'lastSeenMs',
  'atMs',
]);

/** The incident as the API sends it: times in RFC 3339 without `Ms` in their names, the whole change in a hypothesis, queries in evidence. */
export function incidentJson(incident: Incident): Record<string, unknown> {
  const changes = new Map(incident.changes.map((change) => [change.id, change]));
  const withQuery = ({ source, ...evidence }: Evidence) => ({
    ...evidence,
    query: evidence.query || evidenceQuery(queryScopeOf(incident), source),
  });
  const hypotheses = incident.hypotheses.map(({ changeId, evidence, fault = null, ...rest }) => ({
    ...rest,
    fault: fault === null ? null : { ...fault, text: faultText(fault) },
    evidence: evidence.map(withQuery),
    change: changeId === null ? null : (changes.get(changeId) ?? { id: changeId }),
  }));
  return withTimes({ ...incident, hypotheses }) as Record<string, unknown>;
}

function withTimes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withTimes);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) =>
      timeFields.has(key) && (typeof child === 'number' || child === null)
        ? [key.slice(0, -2), child === null ? null : new Date(child).toISOString()]
        : [key, key === 'labels' ? child : withTimes(child)],
    ),
  );
}
