import type { Incident } from '../api/types.ts';

export type Entry = Incident['timeline'][number];

/** Newest entry first. */
export function newestFirst(timeline: readonly Entry[]): readonly Entry[] {
  return [...timeline].sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
}
