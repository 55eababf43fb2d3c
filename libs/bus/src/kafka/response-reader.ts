/** Decodes the types of Kafka's protocol from the bytes of a response, one after another. */
export class ResponseReader {
  readonly #payload: Buffer;
  #at = 0;

  constructor(payload: Buffer) {
    this.#payload = payload;
  }

  int16(): number {
    return this.bytes(2).readInt16BE();
  }

  int32(): number {
    return this.bytes(4).readInt32BE();
  }

  int64(): bigint {
    return this.bytes(8).readBigInt64BE();
  }

  text(): string {
    return this.bytes(this.int16()).toString();
  }

  /** The next `count` bytes; none for a negative count, which stands for null. */
  bytes(count: number): Buffer {
    const start = this.#at;
    this.#at += Math.max(0, count);
    return this.#payload.subarray(start, this.#at);
  }

  array<Value>(read: () => Value): Value[] {
    const count = this.int32();
    const values: Value[] = [];
    for (let index = 0; index < count; index += 1) values.push(read());
    return values;
  }
}
