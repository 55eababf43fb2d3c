/**
 * Lines that differ in a word or two are mostly one statement with data in it: names, states, lists. A template keeps such words, so one
 * statement is spread over several templates. None of them alone shows that it is no longer reached.
 */
import type { PatternGroup } from './group.ts';

/**
 * The share of words that must be equal, place by place. Drain takes half (He et al., ICWS 2017); here different sentences must not meet.
 */
const likeShare = 0.75;
/** Short lines are alike by chance. */
const fewWords = 6;

/** One more group for each set of similar lines of an operation, with the spans of all of them. */
export function lineFamilies(
  patterns: readonly PatternGroup[],
  settled: ReadonlyMap<string, Float64Array>,
): PatternGroup[] {
  const lines = patterns.filter(({ what }) => what === 'log');
  const byOperation = Map.groupBy(
    lines,
    ({ service, operation, severityNumber }) => `${service}\n${operation}\n${severityNumber}`,
  );
  return [...byOperation.values()].flatMap((own) =>
    familiesOf(own).flatMap((family) => (family.length < 2 ? [] : [joined(family, settled)])),
  );
}

interface Line {
  readonly pattern: PatternGroup;
  readonly words: readonly string[];
}

/** Each line joins the first family whose first line is similar. */
function familiesOf(patterns: readonly PatternGroup[]): PatternGroup[][] {
  const families: Line[][] = [];
  for (const pattern of patterns) {
    const line = { pattern, words: pattern.text.split(/\s+/) };
    const own = families.find(([first]) => first !== undefined && isLike(first.words, line.words));
    if (own === undefined) families.push([line]);
    else own.push(line);
  }
  return families.map((family) => family.map(({ pattern }) => pattern));
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
