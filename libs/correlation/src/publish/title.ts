import { type CauseKind, faultTitle, type Incident } from '@faultline/model';
import type { AlertState } from '../state/state.ts';
import { subjectOf } from '../state/subject.ts';

/** What a cause of this kind does to its service. */
const predicates: Readonly<Record<CauseKind, string>> = {
  cpu: 'is out of CPU',
  memory: 'is short of memory',
  disk: 'has a slow or full disk',
  network: 'has network problems',
  dns: 'has failing DNS lookups',
  error: 'returns errors',
  latency: 'is slow',
  down: 'is down',
  pool: 'has an exhausted connection pool',
  queue: 'has a growing queue',
  dependency: 'has a failing external dependency',
  code: 'has a code fault',
  config: 'has a configuration fault',
  credential: 'has its credentials rejected',
  traffic: 'is overloaded by traffic',
  node: 'has node problems',
  zone: 'has zone problems',
  blind: 'sends no telemetry',
};

interface Counts {
  readonly alerts: number;
  readonly services: number;
}

/** One line: the likely cause when it is known, else the alert that opened the incident; and how far it reaches. */
export function titleOf(
  { verdict, hypotheses }: Pick<Incident, 'verdict' | 'hypotheses'>,
  opening: AlertState | 'flood' | undefined,
  counts: Counts,
): string {
  if (opening === 'flood') return `Alert flood${reach(counts)}, nothing known connects them`;
  const best = verdict === 'identified' ? hypotheses[0] : undefined;
  const cause = best?.cause;
  const alert = opening === undefined ? 'Incident' : alertTitle(opening);
  if (cause === undefined) return `${alert}${reach(counts)}`;
  const symptom = counts.alerts === 1 && opening !== undefined ? `: ${alert}` : reach(counts);
  if (best?.fault) return `${faultTitle(best.fault)}${symptom}`;
  return `${cause.service} ${predicates[cause.kind]}${symptom}`;
}

function reach({ alerts, services }: Counts): string {
  if (alerts <= 1) return '';
  return `: ${alerts} alerts${services > 1 ? ` on ${services} services` : ''}`;
}

function alertTitle({ name, entities }: AlertState): string {
  const subject = subjectOf(entities).name;
  return subject === '' ? name : `${name} on ${subject}`;
}
