import { type Logger, sleep } from '@faultline/runtime';
import { AssignmentRunner, type AssignmentRunnerOptions } from '../assignment-runner.ts';
import type { Subscription } from '../port.ts';
import type { Client } from './client.ts';
import { Membership } from './membership.ts';

/** What the loop of a partition may ask of its membership. */
export type MembershipView = Pick<Membership, 'confirm' | 'identity'>;

export interface GroupMemberOptions {
  readonly newClient: () => Client;
  /** The group's name in the cluster. */
  readonly group: string;
  /** The topics' names in the cluster. Partition n of each belongs to the same assignment. */
  readonly topics: readonly string[];
  readonly partitionCount: number;
  readonly sessionTimeoutMs: number;
  readonly heartbeatMs: number;
  readonly rebalanceTimeoutMs: number;
  readonly backoff: AssignmentRunnerOptions['backoff'];
  readonly maxPermanentFailures: number;
  /** How long a moving partition waits for its loop here to return. */
  readonly handoverMs: number;
  readonly logger: Logger;
  /** What runs the loop of one partition. */
  readonly hostOf: (partition: number, membership: MembershipView) => PartitionHost;
}

/** Opens a partition for one run of its loop. See `AssignmentRunnerOptions.runOnce`. */
export interface PartitionHost {
  runOnce(revoked: AbortSignal, onCommitted: () => void): Promise<void>;
}

/** One member of a group, and the loops of its partitions. */
export class GroupMember implements Subscription {
  readonly #options: GroupMemberOptions;
  readonly #runners = new Map<number, AssignmentRunner>();
  readonly #ended = Promise.withResolvers<void>();
  readonly #membership: Membership;
  #stopping: Promise<void> | undefined;
  readonly done = this.#ended.promise;

  constructor(options: GroupMemberOptions) {
    this.#options = options;
    this.#membership = new Membership({
      ...options,
      client: options.newClient(),
      onAssigned: (partitions) => this.#onAssigned(partitions),
      heldPartitions: () => this.held,
    });
  }

  /** The partitions that this process works on. */
  get held(): readonly number[] {
    return [...this.#runners.keys()];
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
    const { group, hostOf } = this.#options;
    const host = hostOf(partition, this.#membership);
    const runner = new AssignmentRunner(
      {
        ...this.#options,
        group,
        partition,
        runOnce: (signal, onCommitted) => host.runOnce(signal, onCommitted),
        onFailedForGood: (error) => this.#fail(error),
      },
      after,
    );
    this.#runners.set(partition, runner);
  }
}
