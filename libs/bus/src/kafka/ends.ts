import type { Client } from './client.ts';
import { fetchOnce } from './fetch.ts';
import { settledEnds } from './offsets.ts';
import { retrying } from './retry.ts';

/** What was seen of a partition: up to `scanned` its last data record is the one before `dataEnd`. */
interface Known {
  readonly scanned: number;
  readonly dataEnd: number;
}

/** Mostly a transaction is open for some milliseconds; one whose writer died, for its timeout. */
const patienceMs = 1_000;
const tailLimits = { maxWaitMs: 0, maxBytes: 1, maxBytesPerPartition: 1 };

/**
 * Where each partition's data ends. Transactions leave control records, which take offsets that no reader is ever given; so the end of a
 * topic is the position after its last *data* record, which is also where a group is that has handled everything.
 */
export class DataEnds {
  readonly #known = new Map<string, Known>();

  /** Tells what a fetch gave: everything from `from` to `position`, its last record ending at `dataEnd` (undefined: none). */
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
   * First offset and the end of the data of each partition of a topic, now. While a transaction stays open, records that others wrote after it are
   * acknowledged and still hidden: the end is then after all that was ever written, so that no reader takes itself to be there.
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

  /** Looks at the last offsets first, then ever further back, until data is found. Mostly one or two small fetches. */
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
