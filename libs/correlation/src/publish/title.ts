import type { Incident } from '@faultline/model';
import type { AlertState } from '../state/state.ts';
import { subjectOf } from '../state/subject.ts';

const mechanism: Readonly<Record<string, string>> = {
  error: 'errors',
  latency: 'slow',
  cpu: 'CPU',
  dns: 'DNS',
  pool: 'connection pool',
  dependency: 'outside dependency',
  blind: 'sends no telemetry',
};

/** One line: the likely cause when it is known, else the alert that opened the incident; and how far it reaches. */
export function titleOf(
  { verdict, hypotheses }: Pick<Incident, 'verdict' | 'hypotheses'>,
  anchor: AlertState | undefined,
  counts: { readonly alerts: number; readonly services: number },
): string {
  const reach =
    counts.alerts > 1 ? `: ${counts.alerts} alerts${counts.services > 1 ? ` on ${counts.services} services` : ''}` : '';
  const cause = hypotheses[0]?.cause;
  if (verdict === 'identified' && cause !== undefined) {
    const word = mechanism[cause.kind] ?? cause.kind;
    const symptom = counts.alerts === 1 && anchor !== undefined ? `: ${anchorTitle(anchor)}` : reach;
    return `${cause.service} ${word}${symptom}`;
  }
  return `${anchor === undefined ? 'Incident' : anchorTitle(anchor)}${reach}`;
}

function anchorTitle(anchor: AlertState): string {
  const about = subjectOf(anchor.entities).name;
  return about === '' ? anchor.name : `${anchor.name} on ${about}`;
}
