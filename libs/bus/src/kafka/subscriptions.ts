import { type Logger, sleep } from '@faultline/runtime';
import { busError } from '../bus-error.ts';
import { LaneRunner, type LaneRunnerOptions } from '../lane-runner.ts';
import type { SubscribeOptions, Subscription } from '../port.ts';
import type { Client } from './client.ts';
import { LaneHost, type LaneHostOptions } from './lane-host.ts';
import { Membership } from './membership.ts';

export interface SubscriptionsOptions
  extends Omit<LaneHostOptions, 'subscribe' | 'partition' | 'confirm' | 'newClient'> {
  readonly newClient: () => Client;
  readonly sessionTimeoutMs: number;
  readonly heartbeatMs: number;
  readonly rebalanceTimeoutMs: number;
  readonly backoff: LaneRunnerOptions['backoff'];
  readonly maxPermanentFailures: number;
  /** How long a lane that moves waits for its loop here to return. */
  readonly handoverMs: number;
  readonly logger: Logger;
}

/** The subscriptions of this process. */
export class Subscriptions {
  readonly #options: SubscriptionsOptions;
  readonly #active = new Set<{ readonly group: string; readonly topics: readonly string[]; stop(): Promise<void> }>();

  constructor(options: SubscriptionsOptions) {
    this.#options = options;
  }

  /** Throws BUS_BAD_SUBSCRIPTION when the group reads other topics in this process already. */
  subscribe(subscribe: SubscribeOptions, laneCount: number): Subscription {
    const named = (topics: readonly string[]) => [...topics].sort().join(', ');
    for (const { group, topics } of this.#active)
      if (group === subscribe.group && named(topics) !== named(subscribe.topics))
        throw busError('BUS_BAD_SUBSCRIPTION', `group ${group} already reads ${named(topics)}`);
    const made = new KafkaSubscription(this.#options, subscribe, laneCount);
    const { group, topics } = subscribe;
    const entry = { group, topics, stop: () => made.stop() };
    this.#active.add(entry);
    const stop = async () => {
      this.#active.delete(entry);
      await made.stop();
    };
    made.done.catch(() => this.#active.delete(entry));
    return { done: made.done, stop };
  }

  /** Stops every subscription. */
  async stop(): Promise<void> {
    await Promise.all([...this.#active].map(({ stop }) => stop()));
  }
}

/** One member of a group, and the loops of the lanes it holds. */
class KafkaSubscription implements Subscription {
  readonly #options: SubscriptionsOptions;
  readonly #subscribe: SubscribeOptions;
  readonly #runners = new Map<number, LaneRunner>();
  readonly #ended = Promise.withResolvers<void>();
  readonly #membership: Membership;
  #stopping: Promise<void> | undefined;
  readonly done = this.#ended.promise;

  constructor(options: SubscriptionsOptions, subscribe: SubscribeOptions, laneCount: number) {
    const { names, newClient, sessionTimeoutMs, heartbeatMs, rebalanceTimeoutMs, logger } = options;
    this.#options = options;
    this.#subscribe = subscribe;
    this.#membership = new Membership({
      client: newClient(),
      group: names.group(subscribe.group),
      topics: subscribe.topics.map((topic) => names.topic(topic)),
      laneCount,
      sessionTimeoutMs,
      heartbeatMs,
      rebalanceTimeoutMs,
      logger,
      onLanes: (lanes) => this.#onLanes(lanes),
      lanesHeld: () => [...this.#runners.keys()],
    });
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping.then(() => this.#ended.resolve());
  }

  async #stop(): Promise<void> {
    for (const runner of this.#runners.values()) runner.revoke();
    await Promise.all([...this.#runners.values()].map(({ finished }) => finished));
    await this.#membership.leave();
  }

  #fail(error: unknown): void {
    this.#stopping ??= this.#stop();
    void this.#stopping.then(() => this.#ended.reject(error));
  }

  /** Resolves when the loops of lanes given up have returned, or had their time. */
  async #onLanes(lanes: readonly number[]): Promise<void> {
    const ours = this.#stopping === undefined ? lanes : [];
    const leaving = [...this.#runners].filter(([lane]) => !ours.includes(lane));
    for (const [, runner] of leaving) runner.revoke();
    for (const lane of ours) {
      const former = this.#runners.get(lane);
      if (former === undefined || former.isRevoked) this.#start(lane, this.#returned(former));
    }
    await Promise.all(leaving.map(([lane, runner]) => this.#finish(lane, runner)));
  }

  /** A loop that does not return in time no longer holds up the others: what it commits later is refused. */
  async #finish(lane: number, runner: LaneRunner): Promise<void> {
    await this.#returned(runner);
    if (this.#runners.get(lane) === runner) this.#runners.delete(lane);
  }

  /** Resolves when the loop has returned, or had its time. */
  async #returned(runner: LaneRunner | undefined): Promise<void> {
    if (runner === undefined) return;
    const returned = new AbortController();
    void runner.finished.then(() => returned.abort());
    await sleep(this.#options.handoverMs, returned.signal);
  }

  #start(partition: number, after: Promise<void>): void {
    const { logger, backoff, maxPermanentFailures } = this.#options;
    const subscribe = this.#subscribe;
    const confirm = () => this.#membership.confirm();
    const host = new LaneHost({ ...this.#options, subscribe, partition, confirm });
    const runner = new LaneRunner(
      {
        group: subscribe.group,
        partition,
        runOnce: (signal, onCommitted) => host.runOnce(signal, onCommitted),
        logger,
        backoff,
        maxPermanentFailures,
        onFailedForGood: (error) => this.#fail(error),
      },
      after,
    );
    this.#runners.set(partition, runner);
  }
}
