/** Reads the traits of an incident. */
import type { Evidence, Incident } from './incident.ts';
import { traitsOf } from './trait.ts';

export interface TraitFacts extends Pick<Incident, 'verdict' | 'hypotheses' | 'changes'> {
  readonly alertNames: Iterable<string>;
}

/** In the order of their classes. Of an incident without a known cause: its alert names. */
export function incidentTraits({ verdict, hypotheses, changes, alertNames }: TraitFacts): readonly string[] {
  const alerts = traitsOf('alert', [...alertNames].sort());
  const first = verdict === 'identified' ? hypotheses[0] : undefined;
  if (first === undefined) return alerts;
  const { cause, fault, path, evidence, changeId } = first;
  return [
    ...traitsOf('cause', [cause.service]),
    ...traitsOf('kind', [cause.kind]),
    ...traitsOf('mechanism', fault ? [fault.mechanism] : []),
    // The cause is a class of its own.
    ...traitsOf(
      'path',
      path.filter((service) => service !== cause.service),
    ),
    ...traitsOf('log', evidence.flatMap(logTemplate)),
    ...traitsOf(
      'change',
      changes.filter(({ id }) => id === changeId).map(({ kind }) => kind),
    ),
    ...alerts,
  ];
}

/** The template of log lines that speak for the cause. */
function logTemplate({ source, weight }: Evidence): readonly string[] {
  return source?.view === 'lines' && weight > 0 ? [source.text] : [];
}
