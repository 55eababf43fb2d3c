/** The values of a map in the order of their keys, for everything that shows in the output. */
export function sortedValues<Value>(map: ReadonlyMap<string, Value>): Value[] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);
}
