/** Whether anything but the time connects the telemetry with what the alerts are about. */
import type { Entities, EvidenceResult, MissingEvidence } from '@faultline/model';
import { isAboutFault } from './alerted-fault.ts';
import type { RankedAlert, RankingInput } from './ranking.ts';

type Input = Pick<RankingInput, 'answer' | 'declaredEdges' | 'findings'> & {
  readonly alerts: readonly (Pick<RankedAlert, 'entities'> & Partial<Pick<RankedAlert, 'labels'>>)[];
};

/**
 * Why telemetry cannot be judged for these alerts: none was read, the alerts name nothing, or telemetry knows nothing of what they name.
 * Null when it can. A cause found all the same would be that of another incident.
 */
export function subjectGap({ answer, alerts, declaredEdges, findings = [] }: Input): MissingEvidence | null {
  if (!alerts.some(({ entities }) => Object.keys(entities).length > 0))
    return { part: 'alerts', code: 'no-subject', detail: '' };
  // A cluster that reports a fault of what alerts is telemetry enough.
  if (findings.some((fault) => alerts.some((alert) => isAboutFault(alert, fault)))) return null;
  if (answer === null || !hasTelemetry(answer)) return { part: 'evidence', code: 'none', detail: '' };
  const known = new Set([...knownNames(answer), ...declaredEdges.flatMap(({ from, to }) => [from, to])]);
  if (alerts.some(({ entities }) => isKnown(entities, known))) return null;
  const names = [...new Set(alerts.flatMap(({ entities }) => ownNames(entities)))];
  return { part: 'alerts', code: 'unknown-subject', detail: names.slice(0, maxNames).join(', ') };
}
const maxNames = 3;

function hasTelemetry({ operations, edges, templates, series, presence }: EvidenceResult): boolean {
  return [operations, edges, templates, series, presence].some((rows) => rows.length > 0);
}

/** Nodes, zones, clusters and namespaces count as known: telemetry does not always say where its senders run. */
function isKnown(entities: Entities, known: ReadonlySet<string>): boolean {
  const own = ownNames(entities);
  return own.length === 0 ? Object.keys(entities).length > 0 : own.some((name) => known.has(name));
}

function ownNames({ service, workload, database, topic, pod, node }: Entities): string[] {
  const own = [service, workload, database, topic, pod].filter((name) => name !== undefined);
  return own.length === 0 || node === undefined ? own : [...own, node];
}

/** Every name that telemetry gives to a service, an instance or a node. */
function knownNames({ operations, edges, templates, series, presence, topology = [] }: EvidenceResult): string[] {
  return [
    ...operations.map(({ service }) => service),
    ...templates.map(({ service }) => service),
    ...edges.flatMap(({ caller, callee }) => [caller, callee]),
    ...series.flatMap(({ service, instance, node }) => [service, instance, node]),
    ...presence.flatMap(({ service, instance, node }) => [service, instance, node]),
    ...topology.flat(),
  ];
}
