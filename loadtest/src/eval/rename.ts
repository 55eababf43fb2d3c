/** Ranks the same evidence under other service names. Names must not matter, not even for ties. */
import { type Ranking, type RankingInput, rankHypotheses } from '@faultline/correlation';

/** Names from hashes, so that their order is unrelated to that of the real ones. */
function otherName(name: string): string {
  let hash = 0x811c9dc5;
  for (const character of name) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
  return `n${(hash >>> 0).toString(36)}`;
}

function otherNames(input: RankingInput): ReadonlyMap<string, string> {
  const { answer, declaredEdges } = input;
  const names = [
    ...declaredEdges.flatMap(({ from, to }) => [from, to]),
    ...(answer?.operations.map(({ service }) => service) ?? []),
    ...(answer?.edges.flatMap(({ caller, callee }) => [caller, callee]) ?? []),
    ...(answer?.presence.map(({ service }) => service) ?? []),
    ...(answer?.series.map(({ service }) => service) ?? []),
  ];
  return new Map(names.filter((name) => name !== '').map((name) => [name, otherName(name)]));
}

/** Ranks under other names and translates the result back. */
export function rankRenamed(input: RankingInput): Ranking {
  const names = otherNames(input);
  const back = new Map([...names].map(([name, other]) => [other, name]));
  return renamed(rankHypotheses(renamed(input, names)), back);
}

/** Replaces a name wherever it stands alone, also inside entities, labels and attributes. */
function renamed<Value>(value: Value, names: ReadonlyMap<string, string>): Value {
  if (names.size === 0) return value;
  const longestFirst = [...names.keys()].sort((a, b) => b.length - a.length).map(escaped);
  const whole = new RegExp(`(?<![\\w.-])(?:${longestFirst.join('|')})(?![\\w.-])`, 'g');
  // A JSON value is parsed back to the same type.
  return JSON.parse(JSON.stringify(value).replace(whole, (name) => names.get(name) ?? name)) as Value;
}

function escaped(name: string): string {
  return name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
