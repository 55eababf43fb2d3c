/**
 * Remembers the spans and lines of the last minutes, after their sessions closed, so that a late log line still finds
 * its span. Compact (about 50 bytes per item): numbers in typed arrays, in segments that are forgotten as a whole,
 * oldest first. The content depends only on the records from the retention offset on, so a restart rebuilds it from the
 * log.
 */

/**
 * The identity of an item. Only its 96-bit hash is stored. Of a million items, two share a hash once in 10^17 times.
 */
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

/** Items of consecutive records in an open-addressing hash table that grows up to `segmentItems`. */
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

  /** The items of a key, approximately in order of arrival. */
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

/** Three 32-bit numbers. */
export interface Hash {
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

/** Hashes both parts: a and b from trace and item, c from the trace and the item's length. */
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

/** The columns of the table. Place 0 marks an empty slot. */
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

  /** Returns a table of twice the size. Items of one key keep their order, except those that wrapped around the end. */
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

/** The segments of one topic, oldest first. */
export class ItemMemory<Value> {
  #segments: MemorySegment<Value>[] = [];
  readonly #maxSegments: number;
  readonly #itemsPerSegment: number;

  constructor(maxItems: number) {
    this.#itemsPerSegment = Math.min(segmentItems, Math.max(1, Math.ceil(maxItems / 8)));
    this.#maxSegments = Math.max(1, Math.ceil(maxItems / this.#itemsPerSegment));
  }

  /**
   * Returns the segment for a record's items, and the latest time of what was forgotten to make room; null when nothing
   * was.
   */
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

  /** Forgets segments that lie completely before this time. */
  forgetBefore(atMs: number): void {
    while (this.#segments[0] !== undefined && this.#segments[0].lastMs < atMs) this.#segments.shift();
  }

  /** Forgets every segment that has an item at or before this time. */
  forgetFrom(atMs: number): void {
    while (this.#segments[0] !== undefined && this.#segments[0].firstMs <= atMs) this.#segments.shift();
  }

  clear(): void {
    this.#segments = [];
  }

  /** The first offset from which an item is remembered; null for none. */
  get lowWatermark(): bigint | null {
    return this.#segments[0]?.firstOffset ?? null;
  }
}
