/** A call edge: two services, of which one calls the other. And keys of maps. */

export interface CallEdge {
  readonly caller: string;
  readonly callee: string;
}

/** A key of maps and sets. */
export function edgeKey({ caller, callee }: CallEdge): string {
  return keyOf(caller, callee);
}

/** A key of maps and sets, made of names. Names hold no line breaks. */
export function keyOf(first: string, second: string | number, ...rest: readonly string[]): string {
  return rest.length === 0 ? `${first}\n${second}` : `${first}\n${second}\n${rest.join('\n')}`;
}
