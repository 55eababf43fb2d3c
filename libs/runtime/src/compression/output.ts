/** The growing output of a decompressor of the LZ77 family: literal bytes, and copies of what was written before. */

/** The output would be larger than allowed. */
export class OutputTooLarge extends Error {}
/** The input is not in the format that it should be in. */
export class BadCompression extends Error {}

export class Output {
  readonly #maxBytes: number;
  #buffer: Buffer;
  #length = 0;

  /** `expectedBytes` is only a first guess, which costs nothing if it is wrong. */
  constructor(maxBytes: number, expectedBytes: number) {
    this.#maxBytes = maxBytes;
    this.#buffer = Buffer.allocUnsafe(Math.max(64, Math.min(maxBytes, expectedBytes)));
  }

  get length(): number {
    return this.#length;
  }

  /** Appends `input[start, end)`. */
  literal(input: Buffer, start: number, end: number): void {
    if (end > input.length || start > end) throw new BadCompression('a literal reaches beyond the input');
    this.#grow(end - start);
    input.copy(this.#buffer, this.#length, start, end);
    this.#length += end - start;
  }

  /** Appends `length` bytes that stand `offset` bytes back; they may overlap what is being written. `from`: where this block began. */
  copy(offset: number, length: number, from: number): void {
    if (offset === 0 || offset > this.#length - from) throw new BadCompression('a copy from before the block');
    this.#grow(length);
    const buffer = this.#buffer;
    const at = this.#length;
    if (offset >= length) buffer.copyWithin(at, at - offset, at - offset + length);
    else for (let index = 0; index < length; index++) buffer[at + index] = buffer[at + index - offset] as number;
    this.#length += length;
  }

  bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  #grow(more: number): void {
    const needed = this.#length + more;
    if (needed > this.#maxBytes) throw new OutputTooLarge();
    if (needed <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.min(this.#maxBytes, Math.max(needed, this.#buffer.length * 2)));
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#buffer = larger;
  }
}
