import type { Logger } from '@faultline/runtime';
import { busError } from '../bus-error.ts';
import type { SubscribeOptions, Subscription } from '../port.ts';
import { AssignmentHost, type AssignmentHostOptions } from './assignment-host.ts';
import type { Client } from './client.ts';
import { GroupMember, type GroupMemberOptions } from './group-member.ts';

export interface SubscriptionsOptions
  extends Omit<AssignmentHostOptions, 'subscribe' | 'partition' | 'confirm' | 'newClient'>,
    Pick<
      GroupMemberOptions,
      'sessionTimeoutMs' | 'heartbeatMs' | 'rebalanceTimeoutMs' | 'backoff' | 'maxPermanentFailures' | 'handoverMs'
    > {
  readonly newClient: () => Client;
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
    const made = this.#member(subscribe, partitionCount);
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

  #member(subscribe: SubscribeOptions, partitionCount: number): GroupMember {
    const { names } = this.#options;
    return new GroupMember({
      ...this.#options,
      group: names.group(subscribe.group),
      topics: subscribe.topics.map((topic) => names.topic(topic)),
      partitionCount,
      hostOf: (partition, membership) =>
        new AssignmentHost({ ...this.#options, subscribe, partition, confirm: () => membership.confirm() }),
    });
  }

  /** Stops every subscription. */
  async stop(): Promise<void> {
    await Promise.all([...this.#active].map(({ stop }) => stop()));
  }
}
