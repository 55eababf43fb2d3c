/** Random traces for property tests: trees of calls over a few services, from a seed. */
import type { SpanSpec } from './block.ts';

/** A small generator (mulberry32). The same seed gives the same numbers. */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function shuffled<Item>(items: readonly Item[], random: () => number): Item[] {
  return items
    .map((item) => ({ item, rank: random() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item);
}

/** Consecutive pieces of random length. */
export function pieces<Item>(items: readonly Item[], most: number, random: () => number): Item[][] {
  const result: Item[][] = [];
  for (let from = 0; from < items.length; ) {
    const length = 1 + Math.floor(random() * most);
    result.push(items.slice(from, from + length));
    from += length;
  }
  return result;
}

/** Spans of `traces` traces, with all times within three windows. Span ids are unique over all of them. */
export function randomTraces(traces: number, random: () => number): SpanSpec[] {
  const spans: SpanSpec[] = [];
  const pick = (count: number) => Math.floor(random() * count);
  for (let trace = 1; trace <= traces; trace++) {
    const first = spans.length + 1;
    const startMs = pick(30_000);
    for (let index = 0; index < 1 + pick(12); index++) {
      const parent = spans[first - 1 + pick(index)];
      const client = random() < 0.4;
      const fromMs = parent === undefined ? startMs : parent.from + pick(20);
      spans.push({
        trace,
        id: first + index,
        ...(index === 0 || parent === undefined ? {} : { parent: parent.id }),
        service: client && parent !== undefined ? parent.service : `s${pick(4)}`,
        name: client ? `call${pick(3)}` : `op${pick(3)}`,
        kind: client ? 'client' : 'server',
        from: fromMs,
        to: fromMs + pick(100),
        status: random() < 0.2 ? 'error' : 'unset',
        ...(client && parent?.kind !== 'client' && random() < 0.5 ? { attributes: { 'peer.service': 'db' } } : {}),
      });
    }
  }
  return spans;
}
