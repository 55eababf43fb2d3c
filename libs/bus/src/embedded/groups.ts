import { type Logger, sleep } from '@faultline/runtime';
import { decideAssignment } from '../assignment.ts';
import { AssignmentRunner } from '../assignment-runner.ts';
import { busError } from '../bus-error.ts';
import type { SubscribeOptions, Subscription } from '../port.ts';
import { type AssignmentLog, runAssignmentOnce } from './assignment.ts';

export interface GroupsOptions {
  readonly log: AssignmentLog;
  readonly logger: Logger;
  readonly backoff: { readonly baseMs: number; readonly maxMs: number };
  readonly maxPermanentFailures: number;
  /** How long a partition's new holder waits for the former holder's loop to return. */
  readonly handoverMs: number;
}

interface Member {
  readonly subscribe: SubscribeOptions;
  readonly runners: Set<AssignmentRunner>;
  readonly fail: (error: unknown) => void;
}

interface Held {
  readonly member: Member;
  readonly runner: AssignmentRunner;
}

/** The subscriptions of one group to the same topics, and which of them holds which partition. */
interface Group {
  readonly topics: ReadonlySet<string>;
  readonly members: Member[];
  readonly partitions: (Held | undefined)[];
}

/** Assigns the partitions of each group to its subscriptions, and rebalances whenever one joins or leaves. */
export class Groups {
  readonly #options: GroupsOptions;
  readonly #groups: (Group & { readonly name: string })[] = [];
  readonly #stops = new Set<() => Promise<void>>();

  constructor(options: GroupsOptions) {
    this.#options = options;
  }

  /** Throws BUS_BAD_SUBSCRIPTION when the group already reads one of the topics together with others. */
  subscribe(subscribe: SubscribeOptions, partitionCount: number): Subscription {
    const group = this.#groupOf(subscribe, partitionCount);
    const ended = Promise.withResolvers<void>();
    const member: Member = {
      subscribe,
      runners: new Set(),
      fail: (error) => void stop().then(() => ended.reject(error)),
    };
    const leave = async () => {
      group.members.splice(group.members.indexOf(member), 1);
      for (const runner of member.runners) runner.revoke();
      this.#rebalance(group);
      await Promise.all([...member.runners].map((runner) => runner.finished));
    };
    let stopping: Promise<void> | undefined;
    const stop = () => {
      stopping ??= leave().finally(() => this.#stops.delete(stop));
      return stopping;
    };
    this.#stops.add(stop);
    group.members.push(member);
    this.#rebalance(group);
    return { done: ended.promise, stop: () => stop().then(ended.resolve) };
  }

  #groupOf(subscribe: SubscribeOptions, partitionCount: number): Group {
    const { group: name, topics } = subscribe;
    const wanted = new Set<string>(topics);
    const overlapping = this.#groups.find(
      (group) => group.name === name && topics.some((topic) => group.topics.has(topic)),
    );
    if (overlapping === undefined) {
      const made = {
        name,
        topics: wanted,
        members: [],
        partitions: Array.from({ length: partitionCount }, () => undefined),
      };
      this.#groups.push(made);
      return made;
    }
    if ([...wanted, ...overlapping.topics].every((topic) => wanted.has(topic) && overlapping.topics.has(topic)))
      return overlapping;
    if (overlapping.members.length > 0)
      throw busError(
        'BUS_BAD_SUBSCRIPTION',
        `group ${name} already reads topics ${[...overlapping.topics].join(', ')}`,
      );
    this.#groups.splice(this.#groups.indexOf(overlapping), 1);
    return this.#groupOf(subscribe, partitionCount);
  }

  #rebalance(group: Group): void {
    const holders = group.partitions.map((held) => held?.member);
    const assigned = decideAssignment(holders, group.members);
    assigned.forEach((member, partition) => {
      const held = group.partitions[partition];
      if (held?.member === member) return;
      held?.runner.revoke();
      group.partitions[partition] = member === undefined ? undefined : this.#start(member, partition, held?.runner);
    });
  }

  #start(member: Member, partition: number, former: AssignmentRunner | undefined): Held {
    const { handoverMs, log, ...options } = this.#options;
    const { subscribe } = member;
    const after = former === undefined ? Promise.resolve() : finishedWithin(former, handoverMs);
    const runner = new AssignmentRunner(
      {
        ...options,
        group: subscribe.group,
        partition,
        runOnce: (revoked, onCommitted) => runAssignmentOnce({ log, subscribe, partition, revoked, onCommitted }),
        onFailedForGood: (error) => member.fail(error),
      },
      after,
    );
    member.runners.add(runner);
    void runner.finished.then(() => member.runners.delete(runner));
    return { member, runner };
  }

  /** Stops every subscription. */
  async stop(): Promise<void> {
    await Promise.all([...this.#stops].map((stop) => stop()));
  }
}

async function finishedWithin(runner: AssignmentRunner, budgetMs: number): Promise<void> {
  const finished = new AbortController();
  void runner.finished.then(() => finished.abort());
  await sleep(budgetMs, finished.signal);
}
