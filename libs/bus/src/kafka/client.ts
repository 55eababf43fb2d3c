import { busError } from '../bus-error.ts';
import { decideFailure } from './failure.ts';
import { type ApiName, protocolError } from './kafkajs.ts';
import { type CallOptions, Link, type LinkSettings, type RawApi } from './link.ts';
import { retrying } from './retry.ts';

export interface ClientSettings extends LinkSettings {
  readonly brokers: readonly { readonly host: string; readonly port: number }[];
  /** How long a request may be tried again and again. */
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

/** A second link to the same broker for requests that wait there for news. */
type Purpose = 'control' | 'fetch';
export type Coordinator = 'group' | 'transaction';
const coordinatorTypes = { group: 0, transaction: 1 } as const;
const noLeader = 5;

/** Finds brokers, leaders and coordinators, and keeps one link to each. Every user whose waiting must not hold up others has a client of its own. */
export class Client {
  readonly settings: ClientSettings;
  readonly #topics: readonly string[];
  readonly #links = new Map<string, Link>();
  readonly #coordinators = new Map<string, number>();
  #metadata: Metadata | undefined;
  #known: Metadata['brokers'] = [];
  #refreshing: Promise<Metadata> | undefined;
  #turn = 0;

  /** `topics` are those whose leaders are asked for. */
  constructor(settings: ClientSettings, topics: readonly string[]) {
    this.settings = settings;
    this.#topics = topics;
  }

  /** What the cluster says of the topics now, as far as it knows them. */
  async refresh(topics: readonly string[] = this.#topics): Promise<Metadata> {
    if (topics !== this.#topics) return this.#ask(topics);
    this.#refreshing ??= this.#ask(topics).finally(() => {
      this.#refreshing = undefined;
    });
    const metadata = await this.#refreshing;
    this.#metadata = metadata;
    this.#known = metadata.brokers;
    return metadata;
  }

  async #ask(topics: readonly string[]): Promise<Metadata> {
    // Those known from before come first: bootstrap names may stand for brokers that are gone.
    const places = [...this.#known, ...this.settings.brokers];
    let failure: unknown = busError('BUS_UNAVAILABLE', 'no broker is named');
    for (let index = 0; index < places.length; index += 1) {
      const place = places[(this.#turn + index) % places.length];
      if (place === undefined) continue;
      try {
        const asked = { topics, allowAutoTopicCreation: false };
        return (await this.#link(place, 'control').call('Metadata', asked, { raw: true })) as Metadata;
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

  /** The broker that leads a partition; rejects with a `stale` error when none does now. */
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

  /** Sends a request whose body is given as bytes to a broker, once. */
  async callRaw(node: number, api: RawApi, body: readonly Buffer[]): Promise<Buffer> {
    return (await this.#linkTo(node, 'control')).callRaw(api, body);
  }

  async #linkTo(node: number, purpose: Purpose): Promise<Link> {
    const { brokers } = this.#metadata ?? (await this.refresh());
    const broker = brokers.find(({ nodeId }) => nodeId === node);
    if (broker === undefined) throw protocolError(noLeader);
    return this.#link(broker, purpose);
  }

  /** Sends a request to a coordinator, once; where that is, is remembered until a request to it fails. */
  async callCoordinator(kind: Coordinator, id: string, api: ApiName, options: object): Promise<unknown> {
    const name = `${kind} ${id}`;
    try {
      return await this.call(await this.#coordinator(kind, id), api, options);
    } catch (error) {
      this.onFailure(decideFailure(error), name);
      throw error;
    }
  }

  /** As `callCoordinator`, tried again while that may help. */
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

  /** Sends a request to any broker that answers. */
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

  /** Sends a request to the controller, tried again while that may help. */
  retryController(api: ApiName, options: object, how?: CallOptions): Promise<unknown> {
    return retrying({ budgetMs: this.settings.budgetMs, onFailure: () => this.forget() }, async () => {
      const { controllerId } = this.#metadata ?? (await this.refresh());
      return this.call(controllerId, api, options, how);
    });
  }

  /** What is known of the cluster may be old. */
  onFailure(kind: ReturnType<typeof decideFailure>, coordinator?: string): void {
    if (kind !== 'stale' && kind !== 'unreachable') return;
    if (coordinator !== undefined) this.#coordinators.delete(coordinator);
    this.forget();
  }

  /** Asks anew before the next request. */
  forget(): void {
    this.#metadata = undefined;
    this.#turn += 1;
  }

  /** Ends its links; what waits for an answer is rejected. */
  close(): void {
    for (const link of this.#links.values()) link.close();
    this.#links.clear();
  }
}

/** What asking the leaders of partitions takes. */
export type LeaderClient = Pick<Client, 'settings' | 'leader' | 'call' | 'onFailure'>;
