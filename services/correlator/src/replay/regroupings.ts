/** Which alerts share an incident before and after a change of rules. */
import type { Incident } from '@faultline/model';
import type { Revision } from './replay.ts';

/** The last incident of each alert, by the fingerprint of the alert. */
type Homes = ReadonlyMap<string, Incident>;

/**
 * One line for each incident that takes in alerts of several, or whose alerts are in several. Alerts that only one side has say nothing: a rule
 * that suppresses them changes no grouping.
 */
export function regroupings(before: readonly Revision[], after: readonly Revision[]): readonly string[] {
  const then = homesOf(before);
  const now = homesOf(after);
  return [
    ...changes(now, then, (into, from) => `merged: ${from} -> ${into}`),
    ...changes(then, now, (from, into) => `split: ${from} -> ${into}`),
  ];
}

function homesOf(revisions: readonly Revision[]): Homes {
  const homes = new Map<string, Incident>();
  for (const { incident } of revisions) for (const { fingerprint } of incident.alerts) homes.set(fingerprint, incident);
  return homes;
}

/** The incidents of one side whose alerts are in several incidents of the other side. */
function changes(one: Homes, other: Homes, worded: (whole: string, parts: string) => string): readonly string[] {
  const parts = new Map<string, Map<string, number>>();
  for (const [fingerprint, { id }] of one) {
    const part = other.get(fingerprint);
    if (part === undefined) continue;
    const counts = parts.get(id) ?? new Map<string, number>();
    parts.set(id, counts.set(part.id, (counts.get(part.id) ?? 0) + 1));
  }
  const titles = new Map([...one.values(), ...other.values()].map(({ id, title }) => [id, title]));
  return [...parts]
    .filter(([, counts]) => counts.size > 1)
    .map(([id, counts]) => {
      const texts = [...counts].map(([partId, count]) => `${partId} "${titles.get(partId)}" (${alertsText(count)})`);
      return worded(id, texts.sort().join(' + '));
    });
}

function alertsText(count: number): string {
  return count === 1 ? '1 alert' : `${count} alerts`;
}
