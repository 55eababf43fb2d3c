/** What the kinds of evidence against a cause have in common. */
import type { Suspect } from '../../finding/kind.ts';

/** Whether something may hit only part of the service's calls, or keeps it from reporting. Then healthy averages say nothing. */
export function affectsPart({ support }: Pick<Suspect, 'support'>): boolean {
  return support.some(({ traits }) => traits.affectsPart === true);
}
