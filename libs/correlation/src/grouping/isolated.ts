/** Finds the alerts that share nothing with any other one, without comparing each with each. For thousands of alerts at once. */
import type { AlertState, IncidentEvidence } from '../state/state.ts';
import { subjectOf } from '../state/subject.ts';
import { traitsOf } from '../state/traits.ts';
import { concernsChange, isOwnKind, type Knowledge } from './reason.ts';

interface Separated {
  /** Those that may have a reason to be with another one, in their order. */
  readonly shared: readonly AlertState[];
  readonly isolated: readonly AlertState[];
}

/** Separates alerts that no telemetry knows, that no evidence speaks of, and whose names and traits no other alert has. */
export function separateIsolated(
  known: Knowledge,
  { ranking }: IncidentEvidence,
  alerts: readonly AlertState[],
): Separated {
  const { services } = known.graphOf([]);
  const suspects = ranking.changes
    .filter(({ verdict }) => verdict === 'suspect')
    .map(({ id }) => known.changes.get(id));
  const causes = new Set(ranking.hypotheses.map(({ cause }) => cause.service));
  const domains = new Set(alerts.map(({ entities }) => subjectOf(entities).failureDomain));
  const keys = alerts.map((alert) => keysOf(alert, domains));
  const counts = new Map<string, number>();
  for (const key of keys.flat()) counts.set(key, (counts.get(key) ?? 0) + 1);
  const isIsolated = ({ entities }: AlertState, at: number) => {
    const subject = subjectOf(entities);
    return (
      !services.has(subject.service) &&
      !causes.has(subject.name) &&
      !suspects.some((change) => concernsChange(change, subject)) &&
      (keys[at] ?? []).every((key) => counts.get(key) === 1)
    );
  };
  const isolated = new Set(alerts.filter(isIsolated));
  return { shared: alerts.filter((alert) => !isolated.has(alert)), isolated: [...isolated] };
}

/** What two alerts may have in common that is a reason: names of one thing, a node, a zone that one of them is about, a trait in one place. */
function keysOf(alert: AlertState, domains: ReadonlySet<string>): string[] {
  const { entities } = alert;
  const ids = subjectOf(entities).entityIds.filter((id) => isOwnKind(id) || id.startsWith('node:') || domains.has(id));
  const { namespace, application, rule } = traitsOf(alert);
  const place = `${entities.cluster ?? ''}|${entities.namespace ?? ''}`;
  return [
    ...new Set([
      ...ids,
      ...(namespace === undefined ? [] : [`namespace|${entities.cluster ?? ''}|${namespace}`]),
      ...(application === undefined ? [] : [`application|${place}|${application}`]),
      ...(rule === undefined ? [] : [`rule|${place}|${entities.node ?? ''}|${rule}`]),
    ]),
  ];
}
