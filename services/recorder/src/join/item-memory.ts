/**
 * Spans and lines that came in the last minutes, long after their sessions closed: who logs late still finds its span. Compact (about 50
 * bytes an item): numbers in typed arrays, kept in segments that are forgotten as a whole, oldest first. What is remembered is a pure
 * function of the records from the first offset kept, so that a restart reads it again.
 */

/** What names an item. Hashed, not kept: 96 bits, so that two of a million items meet once in 10^17. */
export interface ItemKey {
  readonly trace: string;
  readonly item: string;
}

/** One remembered item. */
export interface Remembered<Value> {
  readonly value: Value;
  /** The time at which its record counts. */
  readonly atMs: number;
}

const minSlots = 1_024;
const maxLoad = 0.75;
/** Items in a full segment. */
export const segmentItems = 65_536;

/** Items of consecutive records in an open-addressing table that grows up to `segmentItems`. */
export class MemorySegment<Value> {
  readonly firstOffset: bigint;
  readonly firstMs: number;
  lastMs: number;
  count = 0;
  readonly #values: Value[] = [];
  readonly #places = new Map<Value, number>();
  #slots = new Slots(minSlots);

  constructor(firstOffset: bigint, atMs: number) {
    this.firstOffset = firstOffset;
    this.firstMs = atMs;
    this.lastMs = atMs;
  }

  /** Equal values must be the same object. */
  add(key: Hash, value: Value, atMs: number): void {
    if (this.count + 1 > this.#slots.size * maxLoad) this.#slots = this.#slots.grown();
    this.lastMs = Math.max(this.lastMs, atMs);
    this.#slots.put(key, this.#placeOf(value), atMs);
    this.count++;
  }

  /** The items of a key, in the order in which they came or nearly so. */
  *find(key: Hash): Generator<Remembered<Value>> {
    const { size } = this.#slots;
    for (let slot = key.a & (size - 1); this.#slots.isUsed(slot); slot = (slot + 1) & (size - 1)) {
      const value = this.#slots.matches(slot, key) ? this.#values[this.#slots.place(slot)] : undefined;
      if (value !== undefined) yield { value, atMs: this.#slots.atMs(slot) };
    }
  }

  #placeOf(value: Value): number {
    const known = this.#places.get(value);
    if (known !== undefined) return known;
    this.#places.set(value, this.#values.length);
    return this.#values.push(value) - 1;
  }
}

/** Three numbers of 32 bits. */
export interface Hash {
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

/** Mixes both names; a and b are of the item and its trace, c of the trace alone with the item's length. */
export function hashOf({ trace, item }: ItemKey): Hash {
  let a = 0x811c9dc5;
  let b = 0x9747b28c;
  let c = item.length;
  for (let index = 0; index < trace.length; index++) {
    const code = trace.charCodeAt(index);
    a = Math.imul(a ^ code, 0x01000193);
    c = Math.imul(c ^ code, 0x85ebca6b) ^ (c >>> 15);
  }
  for (let index = 0; index < item.length; index++) {
    const code = item.charCodeAt(index);
    a = Math.imul(a ^ code, 0x01000193);
    b = Math.imul(b ^ code, 0xc2b2ae35) ^ (b >>> 13);
  }
  a = Math.imul(a ^ (a >>> 16), 0x85ebca6b);
  return { a: (a ^ (a >>> 13)) >>> 0, b: b >>> 0, c: c >>> 0 };
}

/** The columns of a table. A place of 0 is an empty slot. */
class Slots {
  readonly size: number;
  readonly #a: Uint32Array;
  readonly #b: Uint32Array;
  readonly #c: Uint32Array;
  readonly #placePlusOne: Uint32Array;
  readonly #atMs: Float64Array;

  constructor(size: number) {
    this.size = size;
    this.#a = new Uint32Array(size);
    this.#b = new Uint32Array(size);
    this.#c = new Uint32Array(size);
    this.#placePlusOne = new Uint32Array(size);
    this.#atMs = new Float64Array(size);
  }

  isUsed(slot: number): boolean {
    return this.#placePlusOne[slot] !== 0;
  }

  matches(slot: number, { a, b, c }: Hash): boolean {
    return this.#a[slot] === a && this.#b[slot] === b && this.#c[slot] === c;
  }

  place(slot: number): number {
    return (this.#placePlusOne[slot] ?? 0) - 1;
  }

  atMs(slot: number): number {
    return this.#atMs[slot] ?? 0;
  }

  put({ a, b, c }: Hash, place: number, atMs: number): void {
    let slot = a & (this.size - 1);
    while (this.isUsed(slot)) slot = (slot + 1) & (this.size - 1);
    this.#a[slot] = a;
    this.#b[slot] = b;
    this.#c[slot] = c;
    this.#placePlusOne[slot] = place + 1;
    this.#atMs[slot] = atMs;
  }

  /** Twice the size. Items of one key keep their order but for those that wrapped around the end. */
  grown(): Slots {
    const next = new Slots(this.size * 2);
    for (let slot = 0; slot < this.size; slot++)
      if (this.isUsed(slot)) {
        const key = { a: this.#a[slot] ?? 0, b: this.#b[slot] ?? 0, c: this.#c[slot] ?? 0 };
        next.put(key, this.place(slot), this.atMs(slot));
      }
    return next;
  }
}

/** Segments of one topic, oldest first. */
export class ItemMemory<Value> {
  #segments: MemorySegment<Value>[] = [];
  readonly #maxSegments: number;
  readonly #itemsPerSegment: number;

  constructor(maxItems: number) {
    this.#itemsPerSegment = Math.min(segmentItems, Math.max(1, Math.ceil(maxItems / 8)));
    this.#maxSegments = Math.max(1, Math.ceil(maxItems / this.#itemsPerSegment));
  }

  /** The segment for a record's items. Gives the latest time of what had to be forgotten to make room; null when nothing was. */
  open(offset: bigint, atMs: number): { readonly segment: MemorySegment<Value>; readonly forgottenMs: number | null } {
    const last = this.#segments.at(-1);
    if (last !== undefined && last.count < this.#itemsPerSegment) return { segment: last, forgottenMs: null };
    const segment = new MemorySegment<Value>(offset, atMs);
    this.#segments.push(segment);
    const forgotten = this.#segments.length > this.#maxSegments ? this.#segments.shift() : undefined;
    return { segment, forgottenMs: forgotten?.lastMs ?? null };
  }

  *find(key: Hash): Generator<Remembered<Value>> {
    for (const segment of this.#segments) yield* segment.find(key);
  }

  /** Forgets what is certain to lie before this time. */
  forgetBefore(atMs: number): void {
    while (this.#segments[0] !== undefined && this.#segments[0].lastMs < atMs) this.#segments.shift();
  }

  /** Forgets every segment that has something before or at this time. */
  forgetFrom(atMs: number): void {
    while (this.#segments[0] !== undefined && this.#segments[0].firstMs <= atMs) this.#segments.shift();
  }

  clear(): void {
    this.#segments = [];
  }

  /** The first offset of which something is remembered; null for nothing. */
  get lowWatermark(): bigint | null {
    return this.#segments[0]?.firstOffset ?? null;
  }
}
