import { busError } from '../bus-error.ts';
import { decideFailure } from './failure.ts';
import { type ApiName, protocolError } from './kafkajs.ts';
import { type CallOptions, Link, type LinkSettings, type RawApi } from './link.ts';
import { retrying } from './retry.ts';

export interface ClientSettings extends LinkSettings {
  readonly brokers: readonly { readonly host: string; readonly port: number }[];
  /** How long a request is retried, ms. */
  readonly budgetMs: number;
}

interface Metadata {
  readonly brokers: readonly { readonly nodeId: number; readonly host: string; readonly port: number }[];
  readonly controllerId: number;
  readonly topicMetadata: readonly {
    readonly topicErrorCode: number;
    readonly topic: string;
    readonly partitionMetadata: readonly PartitionMetadata[];
  }[];
}

interface PartitionMetadata {
  readonly partitionErrorCode: number;
  readonly partitionId: number;
  readonly leader: number;
}

/** `fetch` is a second connection to the same broker, for requests that wait there for records. */
type Purpose = 'control' | 'fetch';
export type Coordinator = 'group' | 'transaction';
const coordinatorTypes = { group: 0, transaction: 1 } as const;
const noLeader = 5;

/**
 * Finds brokers, partition leaders and coordinators, and keeps one connection to each. A user whose requests may wait
 * long gets a client of its own, so that it does not delay others.
 */
export class Client {
  readonly settings: ClientSettings;
  readonly #topics: readonly string[];
  readonly #links = new Map<string, Link>();
  readonly #coordinators = new Map<string, number>();
  #metadata: Metadata | undefined;
  #known: Metadata['brokers'] = [];
  #refreshing: Promise<Metadata> | undefined;
  #turn = 0;

  /** `topics` are those whose leaders are looked up. */
  constructor(settings: ClientSettings, topics: readonly string[]) {
    this.settings = settings;
    this.#topics = topics;
  }

  /** Reads the cluster's metadata of the topics. */
  async refresh(topics: readonly string[] = this.#topics): Promise<Metadata> {
    if (topics !== this.#topics) return this.#fetchMetadata(topics);
    this.#refreshing ??= this.#fetchMetadata(topics).finally(() => {
      this.#refreshing = undefined;
    });
    const metadata = await this.#refreshing;
    this.#metadata = metadata;
    this.#known = metadata.brokers;
    return metadata;
  }

  async #fetchMetadata(topics: readonly string[]): Promise<Metadata> {
    // Brokers that responded before come first, because the bootstrap addresses may be outdated.
    const addresses = [...this.#known, ...this.settings.brokers];
    let failure: unknown = busError('BUS_UNAVAILABLE', 'bus.kafka.brokers is empty');
    for (let index = 0; index < addresses.length; index += 1) {
      const address = addresses[(this.#turn + index) % addresses.length];
      if (address === undefined) continue;
      try {
        const asked = { topics, allowAutoTopicCreation: false };
        return (await this.#link(address, 'control').call('Metadata', asked, { raw: true })) as Metadata;
      } catch (error) {
        failure = error;
        this.#turn += 1;
        if (decideFailure(error) === 'denied') throw error;
      }
    }
    throw failure;
  }

  #link({ host, port }: { readonly host: string; readonly port: number }, purpose: Purpose): Link {
    const name = `${purpose} ${host}:${port}`;
    const link = this.#links.get(name) ?? new Link(host, port, this.settings);
    this.#links.set(name, link);
    return link;
  }

  /** Returns the broker that leads a partition. Rejects with a `stale` error when there is no leader. */
  async leader(topic: string, partition: number): Promise<number> {
    const metadata = this.#metadata ?? (await this.refresh());
    const found = metadata.topicMetadata
      .find((one) => one.topic === topic)
      ?.partitionMetadata.find(({ partitionId }) => partitionId === partition);
    if (found === undefined || found.leader < 0) throw protocolError(found?.partitionErrorCode || noLeader);
    return found.leader;
  }

  /** Sends a request to a broker, once. */
  async call(node: number, api: ApiName, options: object, how?: CallOptions, purpose: Purpose = 'control') {
    return (await this.#linkTo(node, purpose)).call(api, options, how);
  }

  /** Sends an encoded request to a broker, once. */
  async callRaw(node: number, api: RawApi, body: readonly Buffer[]): Promise<Buffer> {
    return (await this.#linkTo(node, 'control')).callRaw(api, body);
  }

  async #linkTo(node: number, purpose: Purpose): Promise<Link> {
    const { brokers } = this.#metadata ?? (await this.refresh());
    const broker = brokers.find(({ nodeId }) => nodeId === node);
    if (broker === undefined) throw protocolError(noLeader);
    return this.#link(broker, purpose);
  }

  /** Sends a request to a coordinator, once. Caches where the coordinator is until a request to it fails. */
  async callCoordinator(kind: Coordinator, id: string, api: ApiName, options: object): Promise<unknown> {
    const name = `${kind} ${id}`;
    try {
      return await this.call(await this.#coordinator(kind, id), api, options);
    } catch (error) {
      this.onFailure(decideFailure(error), name);
      throw error;
    }
  }

  /** Like `callCoordinator`, with retries. */
  retryCoordinator(
    kind: Coordinator,
    id: string,
    api: ApiName,
    options: object,
    signal?: AbortSignal,
  ): Promise<unknown> {
    const { budgetMs } = this.settings;
    return retrying({ budgetMs, ...(signal === undefined ? {} : { signal }) }, () =>
      this.callCoordinator(kind, id, api, options),
    );
  }

  async #coordinator(kind: Coordinator, id: string): Promise<number> {
    const name = `${kind} ${id}`;
    const known = this.#coordinators.get(name);
    if (known !== undefined) return known;
    const asked = { groupId: id, coordinatorType: coordinatorTypes[kind] };
    const { coordinator } = (await this.callAny('GroupCoordinator', asked)) as { coordinator: { nodeId: number } };
    this.#coordinators.set(name, coordinator.nodeId);
    return coordinator.nodeId;
  }

  /** Sends a request to any broker that responds. */
  async callAny(api: ApiName, options: object): Promise<unknown> {
    const { brokers } = this.#metadata ?? (await this.refresh());
    let failure: unknown = busError('BUS_UNAVAILABLE', 'no broker is known');
    for (let index = 0; index < brokers.length; index += 1) {
      const broker = brokers[(this.#turn + index) % brokers.length];
      if (broker === undefined) continue;
      try {
        return await this.#link(broker, 'control').call(api, options);
      } catch (error) {
        failure = error;
        if (decideFailure(error) !== 'unreachable') throw error;
        this.#turn += 1;
      }
    }
    this.forget();
    throw failure;
  }

  /** Sends a request to the controller, with retries. */
  retryController(api: ApiName, options: object, how?: CallOptions): Promise<unknown> {
    return retrying({ budgetMs: this.settings.budgetMs, onFailure: () => this.forget() }, async () => {
      const { controllerId } = this.#metadata ?? (await this.refresh());
      return this.call(controllerId, api, options, how);
    });
  }

  /** Drops cached metadata after a failure that suggests it is outdated. */
  onFailure(kind: ReturnType<typeof decideFailure>, coordinator?: string): void {
    if (kind !== 'stale' && kind !== 'unreachable') return;
    if (coordinator !== undefined) this.#coordinators.delete(coordinator);
    this.forget();
  }

  /** Drops the cached metadata. */
  forget(): void {
    this.#metadata = undefined;
    this.#turn += 1;
  }

  /** Closes the connections and rejects pending requests. */
  close(): void {
    for (const link of this.#links.values()) link.close();
    this.#links.clear();
  }
}

/** The methods needed to send requests to the leaders of partitions. */
export type LeaderClient = Pick<Client, 'settings' | 'leader' | 'call' | 'onFailure'>;
