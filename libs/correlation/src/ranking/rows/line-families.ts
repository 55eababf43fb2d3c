/**
 * Lines that differ in a word or two are mostly one line of code with data in it: names, states, lists. A template keeps such words, so that one
 * statement is spread over several templates, and none of them alone tells that it is no longer reached.
 */
import type { PatternGroup } from './group.ts';

/** Words that must be the same, place by place (He et al., Drain, ICWS 2017, takes half; here whole sentences must not meet). */
const likeShare = 0.75;
/** Short lines are alike by chance. */
const fewWords = 6;

/** One group more for each set of alike lines of an operation, with the spans of all of them; after the groups that it was made of. */
export function lineFamilies(
  patterns: readonly PatternGroup[],
  settled: ReadonlyMap<string, Float64Array>,
): PatternGroup[] {
  const lines = patterns.filter(({ what }) => what === 'log');
  const byPlace = Map.groupBy(
    lines,
    ({ service, operation, severityNumber }) => `${service}\n${operation}\n${severityNumber}`,
  );
  return [...byPlace.values()].flatMap((own) =>
    familiesOf(own).flatMap((family) => (family.length < 2 ? [] : [joined(family, settled)])),
  );
}

interface Line {
  readonly step: PatternGroup;
  readonly words: readonly string[];
}

/** Each line joins the first family whose first line it is like. */
function familiesOf(patterns: readonly PatternGroup[]): PatternGroup[][] {
  const families: Line[][] = [];
  for (const step of patterns) {
    const line = { step, words: step.text.split(/\s+/) };
    const own = families.find(([first]) => first !== undefined && isLike(first.words, line.words));
    if (own === undefined) families.push([line]);
    else own.push(line);
  }
  return families.map((family) => family.map(({ step }) => step));
}

function isLike(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length || a.length < fewWords) return false;
  const same = a.reduce((sum, word, i) => sum + (word === b[i] ? 1 : 0), 0);
  return same >= likeShare * a.length;
}

/** A span that has several of the lines counts once, as far as counts can tell: never more spans than there were. */
function joined(family: readonly PatternGroup[], settled: ReadonlyMap<string, Float64Array>): PatternGroup {
  const [first] = family as [PatternGroup];
  const of = settled.get(`${first.service}\n${first.operation}`);
  const spans = first.spans.map((_, slice) =>
    Math.min(
      of?.[slice] ?? 0,
      family.reduce((sum, one) => sum + (one.spans[slice] ?? 0), 0),
    ),
  );
  return { ...first, text: `${first.text} (and ${family.length - 1} alike)`, spans };
}
