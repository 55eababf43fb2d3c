import type { Client } from './client.ts';
import { fetchOnce } from './fetch.ts';
import { settledEnds } from './offsets.ts';
import { retrying } from './retry.ts';

/** What is known of a partition: the last data record before `scanned` has the offset `dataEnd - 1`. */
interface Known {
  readonly scanned: number;
  readonly dataEnd: number;
}

/** A transaction is usually open for milliseconds. When its writer died, it stays open for its timeout. */
const patienceMs = 1_000;
const tailLimits = { maxWaitMs: 0, maxBytes: 1, maxBytesPerPartition: 1 };

/**
 * Finds where the data of each partition ends. Transactions write control records, whose offsets no reader ever gets.
 * So the end of a topic is the offset after its last *data* record; a group that has handled everything has committed
 * it.
 */
export class DataEnds {
  readonly #known = new Map<string, Known>();

  /**
   * Records the result of a fetch: it covered `from` to `position`, and its last record ended at `dataEnd` (undefined:
   * no record).
   */
  saw(
    name: string,
    { from, position, dataEnd }: { from: number; position: number; dataEnd: number | undefined },
  ): void {
    const known = this.#known.get(name);
    if (position <= (known?.scanned ?? -1)) return;
    if (dataEnd !== undefined) this.#known.set(name, { scanned: position, dataEnd });
    else if (known !== undefined && from <= known.scanned)
      this.#known.set(name, { scanned: position, dataEnd: known.dataEnd });
  }

  /**
   * Returns the first offset and the data end of each partition. While a transaction is open, later acknowledged
   * records are still hidden. The end then covers everything written, so that no reader believes it has reached the
   * end.
   */
  async of(
    client: Client,
    topic: string,
    partitions: readonly number[],
  ): Promise<{ readonly partition: number; readonly first: number; readonly next: number }[]> {
    const ends = await settledEnds(client, topic, { partitions, patienceMs });
    return Promise.all(
      ends.map(async ({ partition, first, stableEnd, end }) => ({
        partition,
        first,
        next:
          stableEnd < end ? end : Math.max(first, await this.#dataEnd(client, { topic, partition, first, stableEnd })),
      })),
    );
  }

  /** Fetches backwards in growing steps until a data record is found. One or two small fetches are usually enough. */
  async #dataEnd(
    client: Client,
    at: { readonly topic: string; readonly partition: number; readonly first: number; readonly stableEnd: number },
  ): Promise<number> {
    const name = `${at.topic}/${at.partition}`;
    const known = this.#known.get(name) ?? { scanned: at.first, dataEnd: at.first };
    if (known.scanned > at.stableEnd) this.#known.delete(name);
    for (let to = at.stableEnd, step = 1; to > known.scanned; step *= 2) {
      const from = Math.max(known.scanned, to - step);
      const found = await this.#lastData(client, { ...at, from, to });
      if (found !== undefined) {
        this.#known.set(name, { scanned: at.stableEnd, dataEnd: found });
        return found;
      }
      to = from;
    }
    if (at.stableEnd >= known.scanned) this.#known.set(name, { scanned: at.stableEnd, dataEnd: known.dataEnd });
    return Math.min(known.dataEnd, at.stableEnd);
  }

  async #lastData(
    client: Client,
    { topic, partition, from, to }: { topic: string; partition: number; from: number; to: number },
  ): Promise<number | undefined> {
    let last: number | undefined;
    for (let position = from; position < to; ) {
      const [fetched] = await retrying(
        { budgetMs: client.settings.budgetMs, onFailure: (kind) => client.onFailure(kind) },
        async () => {
          const node = await client.leader(topic, partition);
          const answer = await fetchOnce(client, node, [{ topic, partition, position }], tailLimits);
          if (answer[0]?.error !== undefined) throw answer[0].error;
          return answer;
        },
      );
      if (fetched === undefined || fetched.position <= position) return last;
      const records = fetched.records.filter(({ offset }) => offset < to);
      last = records.at(-1) === undefined ? last : (records.at(-1)?.offset ?? 0) + 1;
      position = fetched.position;
    }
    return last;
  }
}
