import type { Incident } from '../api/types.ts';

export type Entry = Incident['timeline'][number];

/** Newest first; alerts that came one after another are one line, as the table has each of them. */
export function foldTimeline(timeline: readonly Entry[]): readonly Entry[] {
  const oldestFirst = [...timeline].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  const runs: Entry[][] = [];
  for (const entry of oldestFirst) {
    const run = runs.at(-1);
    if (entry.kind === 'alert' && run?.[0]?.kind === 'alert') run.push(entry);
    else runs.push([entry]);
  }
  return runs.flatMap(foldRun).reverse();
}

function foldRun(run: readonly Entry[]): readonly Entry[] {
  const [first] = run;
  if (first === undefined) return [];
  const more = run.length - 1;
  return [more === 0 ? first : { ...first, text: `${first.text}, and ${more} more` }];
}
