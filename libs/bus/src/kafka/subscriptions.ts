import { type Logger, sleep } from '@faultline/runtime';
import { AssignmentRunner, type AssignmentRunnerOptions } from '../assignment-runner.ts';
import { busError } from '../bus-error.ts';
import type { SubscribeOptions, Subscription } from '../port.ts';
import { AssignmentHost, type AssignmentHostOptions } from './assignment-host.ts';
import type { Client } from './client.ts';
import { Membership } from './membership.ts';

export interface SubscriptionsOptions
  extends Omit<AssignmentHostOptions, 'subscribe' | 'partition' | 'confirm' | 'newClient'> {
  readonly newClient: () => Client;
  readonly sessionTimeoutMs: number;
  readonly heartbeatMs: number;
  readonly rebalanceTimeoutMs: number;
  readonly backoff: AssignmentRunnerOptions['backoff'];
  readonly maxPermanentFailures: number;
  /** How long a moving partition waits for its loop here to return. */
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

  /** Throws BUS_BAD_SUBSCRIPTION when the group already reads other topics in this process. */
  subscribe(subscribe: SubscribeOptions, partitionCount: number): Subscription {
    const named = (topics: readonly string[]) => [...topics].sort().join(', ');
    for (const { group, topics } of this.#active)
      if (group === subscribe.group && named(topics) !== named(subscribe.topics))
        throw busError('BUS_BAD_SUBSCRIPTION', `group ${group} already reads topics ${named(topics)}`);
    const made = new KafkaSubscription(this.#options, subscribe, partitionCount);
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

/** One member of a group, and the loops of its partitions. */
class KafkaSubscription implements Subscription {
  readonly #options: SubscriptionsOptions;
  readonly #subscribe: SubscribeOptions;
  readonly #runners = new Map<number, AssignmentRunner>();
  readonly #ended = Promise.withResolvers<void>();
  readonly #membership: Membership;
  #stopping: Promise<void> | undefined;
  readonly done = this.#ended.promise;

  constructor(options: SubscriptionsOptions, subscribe: SubscribeOptions, partitionCount: number) {
    const { names, newClient, sessionTimeoutMs, heartbeatMs, rebalanceTimeoutMs, logger } = options;
    this.#options = options;
    this.#subscribe = subscribe;
    this.#membership = new Membership({
      client: newClient(),
      group: names.group(subscribe.group),
      topics: subscribe.topics.map((topic) => names.topic(topic)),
      partitionCount,
      sessionTimeoutMs,
      heartbeatMs,
      rebalanceTimeoutMs,
      logger,
      onAssigned: (partitions) => this.#onAssigned(partitions),
      heldPartitions: () => [...this.#runners.keys()],
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

  /** Resolves when the loops of revoked partitions have returned or timed out. */
  async #onAssigned(partitions: readonly number[]): Promise<void> {
    const ours = this.#stopping === undefined ? partitions : [];
    const leaving = [...this.#runners].filter(([partition]) => !ours.includes(partition));
    for (const [, runner] of leaving) runner.revoke();
    for (const partition of ours) {
      const former = this.#runners.get(partition);
      if (former === undefined || former.isRevoked) this.#start(partition, this.#returned(former));
    }
    await Promise.all(leaving.map(([partition, runner]) => this.#finish(partition, runner)));
  }

  /** A loop that does not return in time must not block the others. Its later commits are refused. */
  async #finish(partition: number, runner: AssignmentRunner): Promise<void> {
    await this.#returned(runner);
    if (this.#runners.get(partition) === runner) this.#runners.delete(partition);
  }

  /** Resolves when the loop has returned or timed out. */
  async #returned(runner: AssignmentRunner | undefined): Promise<void> {
    if (runner === undefined) return;
    const returned = new AbortController();
    void runner.finished.then(() => returned.abort());
    await sleep(this.#options.handoverMs, returned.signal);
  }

  #start(partition: number, after: Promise<void>): void {
    const { logger, backoff, maxPermanentFailures } = this.#options;
    const subscribe = this.#subscribe;
    const confirm = () => this.#membership.confirm();
    const host = new AssignmentHost({ ...this.#options, subscribe, partition, confirm });
    const runner = new AssignmentRunner(
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
