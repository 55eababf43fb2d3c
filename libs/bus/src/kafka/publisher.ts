import { busError } from '../bus-error.ts';
import type { RoutedRecord } from '../routing.ts';
import { isTelemetry } from '../topic-layout.ts';
import type { Client } from './client.ts';
import { translate } from './failure.ts';
import type { ProducerIdentity } from './produce.ts';
import { batchBytes, batchesOf, produce } from './produce.ts';
import { initIdempotent, Transactions, type TransactionsOptions } from './transactions.ts';

/** One call of `publish`. */
interface Waiting {
  readonly records: readonly RoutedRecord[];
  readonly bytes: number;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export interface QueueOptions {
  /** Writes the records of several callers, all or none. */
  readonly write: (records: readonly RoutedRecord[]) => Promise<void>;
  /** Size limit of one write, and of what may wait. */
  readonly maxBytes: number;
  readonly maxWaitingBytes: number;
}

/** Group commit for many callers: calls that arrive during a write share the next one. */
export class GroupQueue {
  readonly #options: QueueOptions;
  #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #running: Promise<void> | undefined;

  constructor(options: QueueOptions) {
    this.#options = options;
  }

  /** Rejects with BUS_UNAVAILABLE at once when too much is waiting. */
  write(records: readonly RoutedRecord[]): Promise<void> {
    const bytes = batchBytes(records);
    if (this.#waitingBytes > 0 && this.#waitingBytes + bytes > this.#options.maxWaitingBytes)
      return Promise.reject(
        busError('BUS_UNAVAILABLE', `${this.#waitingBytes} bytes are already waiting to be written`),
      );
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#waiting.push({ records, bytes, resolve, reject });
    this.#waitingBytes += bytes;
    this.#running ??= this.#run();
    return promise;
  }

  /** Resolves when nothing is waiting or under way. */
  async settled(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  async #run(): Promise<void> {
    // Callers of the same turn of the event loop share the first write as well.
    await new Promise((resolve) => setImmediate(resolve));
    for (let taken = this.#take(); taken.length > 0; taken = this.#take()) {
      try {
        await this.#options.write(taken.flatMap(({ records }) => records));
        for (const { resolve } of taken) resolve();
      } catch (error) {
        for (const { reject } of taken) reject(error);
      }
      for (const { bytes } of taken) this.#waitingBytes -= bytes;
    }
    // Cleared in the same turn as the last check for waiting callers; otherwise one in between would wait for ever.
    this.#running = undefined;
  }

  #take(): Waiting[] {
    let bytes = 0;
    const end = this.#waiting.findIndex((waiting, index) => {
      bytes += waiting.bytes;
      return index > 0 && bytes > this.#options.maxBytes;
    });
    return this.#waiting.splice(0, end < 0 ? this.#waiting.length : end);
  }
}

export interface PublisherOptions extends Omit<TransactionsOptions, 'client' | 'transactionalId'> {
  /** Creates a client for a writer. */
  readonly newClient: () => Client;
  /** Prefix of the transactional ids. No other process may use it. */
  readonly idPrefix: string;
  readonly maxTransactionBytes: number;
  readonly maxWaitingBytes: number;
}

/**
 * Writes the records of `publish`. Records of one partition that fit one batch need no transaction, because a batch is
 * written whole or not at all. They cost one request. All others share transactions. Telemetry has its own, so that it
 * never delays an alert.
 */
export class Publisher {
  readonly #options: PublisherOptions;
  readonly #clients: Client[] = [];
  readonly #partitions = new Map<string, GroupQueue>();
  readonly #spanning = new Map<string, GroupQueue>();

  constructor(options: PublisherOptions) {
    this.#options = options;
  }

  publish(records: readonly RoutedRecord[]): Promise<void> {
    const [first] = records;
    if (first === undefined) return Promise.resolve();
    const { nameOf, maxBatchBytes } = this.#options;
    if (batchesOf(records, nameOf, maxBatchBytes).length === 1) return this.#partitionOf(first).write(records);
    const name = records.some(({ topic }) => isTelemetry(topic)) ? 'telemetry' : 'main';
    return this.#transactionsOf(name).write(records);
  }

  #partitionOf({ topic, partition }: RoutedRecord): GroupQueue {
    const name = `${topic}/${partition}`;
    const known = this.#partitions.get(name);
    if (known !== undefined) return known;
    const { maxBatchBytes: maxBytes, maxWaitingBytes } = this.#options;
    const write = this.#idempotentWriter(this.#client(isTelemetry(topic) ? 'telemetry' : 'main'));
    const queue = new GroupQueue({ write, maxBytes, maxWaitingBytes });
    this.#partitions.set(name, queue);
    return queue;
  }

  readonly #shared = new Map<string, Client>();

  #client(name: string): Client {
    const known = this.#shared.get(name);
    if (known !== undefined) return known;
    const client = this.#options.newClient();
    this.#shared.set(name, client);
    this.#clients.push(client);
    return client;
  }

  #idempotentWriter(client: Client): QueueOptions['write'] {
    const { nameOf, maxBatchBytes, codec } = this.#options;
    let identity: ProducerIdentity | undefined;
    return async (records) => {
      try {
        identity ??= await initIdempotent(client);
        await produce(client, identity, batchesOf(records, nameOf, maxBatchBytes), codec);
      } catch (error) {
        identity = undefined;
        throw translate(error, 'writing records');
      }
    };
  }

  #transactionsOf(name: string): GroupQueue {
    const known = this.#spanning.get(name);
    if (known !== undefined) return known;
    const { idPrefix, maxTransactionBytes: maxBytes, maxWaitingBytes } = this.#options;
    const client = this.#client(`transactions of ${name}`);
    const transactions = new Transactions({ ...this.#options, client, transactionalId: `${idPrefix}-${name}` });
    const write = async (records: readonly RoutedRecord[]) => {
      if (!transactions.isReady)
        await transactions.init().catch((error: unknown) => {
          throw translate(error, 'initialising a producer');
        });
      await transactions.write(records, undefined);
    };
    const queue = new GroupQueue({ write, maxBytes, maxWaitingBytes });
    this.#spanning.set(name, queue);
    return queue;
  }

  /** Waits until pending writes have finished, then closes the connections. */
  async close(): Promise<void> {
    await Promise.all([...this.#partitions.values(), ...this.#spanning.values()].map((queue) => queue.settled()));
    for (const client of this.#clients) client.close();
  }
}
