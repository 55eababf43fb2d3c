/**
 * A list that stays sorted. Adding and removing moves one chunk, never the whole list: an incident may have a hundred thousand members.
 */

/** Large enough that there are few chunks, small enough that a splice is cheap. */
const chunkSize = 512;

/** Items in the order of `compare`. It must return 0 for the same item only, as items are found by it. */
export class SortedList<Item> {
  readonly #compare: (a: Item, b: Item) => number;
  readonly #chunks: Item[][] = [];
  #size = 0;

  constructor(compare: (a: Item, b: Item) => number) {
    this.#compare = compare;
  }

  get size(): number {
    return this.#size;
  }

  /** The item at an index, negative from the end; undefined beyond the ends. */
  at(index: number): Item | undefined {
    let left = index < 0 ? this.#size + index : index;
    for (const chunk of this.#chunks) {
      if (left < chunk.length) return chunk[left];
      left -= chunk.length;
    }
    return undefined;
  }

  add(item: Item): void {
    const before = (other: Item) => this.#compare(other, item) < 0;
    const at = Math.min(
      countWhile(this.#chunks, (chunk) => before(lastOf(chunk))),
      this.#chunks.length - 1,
    );
    const chunk = this.#chunks[at];
    this.#size += 1;
    if (chunk === undefined) {
      this.#chunks.push([item]);
      return;
    }
    chunk.splice(countWhile(chunk, before), 0, item);
    if (chunk.length > chunkSize) this.#chunks.splice(at + 1, 0, chunk.splice(chunkSize / 2));
  }

  /** Removes the item that compares as equal, if there is one. */
  remove(item: Item): void {
    const before = (other: Item) => this.#compare(other, item) < 0;
    const at = countWhile(this.#chunks, (chunk) => before(lastOf(chunk)));
    const chunk = this.#chunks[at];
    const index = chunk === undefined ? -1 : countWhile(chunk, before);
    const found = chunk?.[index];
    if (chunk === undefined || found === undefined || this.#compare(found, item) !== 0) return;
    chunk.splice(index, 1);
    this.#size -= 1;
    if (chunk.length === 0) this.#chunks.splice(at, 1);
  }

  /** The number of leading items for which this holds. It must hold for no item after the first for which it does not. */
  countWhile(holds: (item: Item) => boolean): number {
    const at = countWhile(this.#chunks, (chunk) => holds(lastOf(chunk)));
    let count = 0;
    for (let index = 0; index < at; index += 1) count += this.#chunks[index]?.length ?? 0;
    return count + countWhile(this.#chunks[at] ?? [], holds);
  }

  /** Items from one index up to another, exclusive. */
  slice(from: number, to: number): Item[] {
    const found: Item[] = [];
    let first = 0;
    for (const chunk of this.#chunks) {
      if (first >= to) break;
      if (first + chunk.length > from)
        for (let index = Math.max(0, from - first); index < Math.min(chunk.length, to - first); index += 1)
          found.push(chunk[index] as Item);
      first += chunk.length;
    }
    return found;
  }
}

function lastOf<Item>(chunk: readonly Item[]): Item {
  return chunk[chunk.length - 1] as Item;
}

/** Binary search: the number of leading items for which it holds. */
function countWhile<Item>(items: readonly Item[], holds: (item: Item) => boolean): number {
  let from = 0;
  let to = items.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (holds(items[middle] as Item)) from = middle + 1;
    else to = middle;
  }
  return from;
}
