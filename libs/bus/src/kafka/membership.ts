import { type Logger, sleep } from '@faultline/runtime';
import { assignPartitions, type Claim } from './assign-partitions.ts';
import type { Client } from './client.ts';
import { decideFailure, mayRetry } from './failure.ts';
import { assignerProtocol } from './kafkajs.ts';

export interface MembershipOptions {
  readonly client: Pick<Client, 'callCoordinator' | 'close'>;
  /** The group's name in the cluster. */
  readonly group: string;
  /** The topics' names in the cluster. */
  readonly topics: readonly string[];
  readonly partitionCount: number;
  readonly sessionTimeoutMs: number;
  readonly heartbeatMs: number;
  readonly rebalanceTimeoutMs: number;
  readonly logger: Logger;
  /**
   * Called with the partitions that are assigned to us. All others are revoked at once. Resolves when the loops of
   * revoked partitions have returned.
   */
  readonly onAssigned: (partitions: readonly number[]) => Promise<void>;
  /** The partitions that this process still works on. */
  readonly heldPartitions: () => readonly number[];
}

interface Joined {
  readonly generationId: number;
  readonly leaderId: string;
  readonly memberId: string;
  readonly members: readonly { readonly memberId: string; readonly memberMetadata: Buffer }[];
}

const { MemberMetadata, MemberAssignment } = assignerProtocol;
const retryPauseMs = { passing: 200, lasting: 5_000 };
/** How long a leaving member waits for a pending request. */
const joinPatienceMs = 100;
/** All members of a group must use the same assignment strategy. The broker refuses a member that names another. */
const protocolName = 'faultline-lanes-1';

/**
 * Membership in a consumer group, by Kafka's classic protocol with cooperative rebalancing. Partitions that stay with
 * us keep working during a rebalance. Heartbeats run on their own timer, so a slow loop keeps its partitions. This
 * class does not prevent a former holder from writing; the transactional id does.
 */
export class Membership {
  readonly #options: MembershipOptions;
  readonly #leaving = new AbortController();
  #memberId = '';
  #generation = -1;
  /** The partitions that we claimed in the last join. Nobody else gets them until we join without them. */
  #claimed: readonly number[] = [];
  #aliveUntilMs = 0;
  #again = new AbortController();
  readonly #running: Promise<void>;

  constructor(options: MembershipOptions) {
    this.#options = options;
    this.#running = this.#run();
  }

  /** Asks the group whether we are still a member. False also when it does not respond. */
  async confirm(): Promise<boolean> {
    try {
      await this.#heartbeat();
      return true;
    } catch (error) {
      const kind = decideFailure(error);
      if (kind === 'member') this.#again.abort();
      return kind === 'rebalance' && this.#isAlive();
    }
  }

  /** Who we are in the group now. It changes with each rebalance. */
  get identity(): { readonly memberId: string; readonly groupGenerationId: number } {
    return { memberId: this.#memberId, groupGenerationId: this.#generation };
  }

  /** Leaves the group. The loops of all partitions must have returned. */
  async leave(): Promise<void> {
    const { client, group } = this.#options;
    this.#leaving.abort();
    this.#again.abort();
    await Promise.race([this.#running, sleep(joinPatienceMs)]);
    // A join request waits at the broker for the other members and would delay the leave request.
    client.close();
    await this.#running;
    if (this.#memberId !== '')
      await client
        .callCoordinator('group', group, 'LeaveGroup', { groupId: group, memberId: this.#memberId })
        .catch(() => undefined);
    client.close();
  }

  #isAlive(): boolean {
    return performance.now() < this.#aliveUntilMs;
  }

  #proveAlive(): void {
    this.#aliveUntilMs = performance.now() + this.#options.sessionTimeoutMs;
  }

  async #run(): Promise<void> {
    const { signal } = this.#leaving;
    while (!signal.aborted) {
      try {
        const partitions = await this.#join();
        this.#proveAlive();
        if (signal.aborted) return;
        const { group, logger } = this.#options;
        logger.info('partitions assigned', { group, generation: this.#generation, partitions: partitions.join(' ') });
        const rejoin = this.#apply(partitions);
        await this.#stay(rejoin);
      } catch (error) {
        await this.#onFailure(error);
      }
    }
  }

  /**
   * When partitions were revoked, the group is joined again as soon as their loops have returned, so that others get
   * them.
   */
  #apply(partitions: readonly number[]): AbortSignal {
    const again = new AbortController();
    this.#again = again;
    // Includes partitions whose loops returned since the join: our claim still kept them from the others.
    const isRevoking = [...this.#claimed, ...this.#options.heldPartitions()].some(
      (partition) => !partitions.includes(partition),
    );
    const done = this.#options.onAssigned(partitions);
    if (isRevoking) void done.then(() => again.abort());
    if (this.#leaving.signal.aborted) again.abort();
    return again.signal;
  }

  async #join(): Promise<readonly number[]> {
    const { client, group, sessionTimeoutMs, rebalanceTimeoutMs } = this.#options;
    const join = (memberId: string) =>
      client.callCoordinator('group', group, 'JoinGroup', {
        groupId: group,
        sessionTimeout: sessionTimeoutMs,
        rebalanceTimeout: rebalanceTimeoutMs,
        memberId,
        protocolType: 'consumer',
        groupProtocols: [{ name: protocolName, metadata: this.#claim() }],
      }) as Promise<Joined>;
    const joined = await join(this.#memberId).catch((error: unknown) => {
      const { name, memberId } = error as { name?: string; memberId?: string };
      if (name !== 'KafkaJSMemberIdRequired' || memberId === undefined) throw error;
      this.#memberId = memberId;
      return join(memberId);
    });
    this.#memberId = joined.memberId;
    this.#generation = joined.generationId;
    const synced = (await client.callCoordinator('group', group, 'SyncGroup', {
      groupId: group,
      generationId: joined.generationId,
      memberId: joined.memberId,
      groupAssignment: joined.memberId === joined.leaderId ? this.#assign(joined) : [],
    })) as { memberAssignment: Buffer };
    const { assignment = {} } = MemberAssignment.decode(synced.memberAssignment) ?? {};
    return assignment[this.#options.topics[0] ?? ''] ?? [];
  }

  /** Encodes what we send when we join. */
  #claim(): Buffer {
    const { topics, heldPartitions } = this.#options;
    this.#claimed = heldPartitions();
    const userData = Buffer.from(JSON.stringify({ generation: this.#generation, lanes: this.#claimed }));
    return MemberMetadata.encode({ version: 0, topics, userData });
  }

  #assign({ members }: Joined): object[] {
    const { topics, partitionCount, logger, group } = this.#options;
    const claims: Claim[] = [];
    for (const { memberId, memberMetadata } of members) {
      const metadata = MemberMetadata.decode(memberMetadata);
      if ([...metadata.topics].sort().join() !== [...topics].sort().join())
        logger.error('a member of the group subscribes to other topics, so it gets no partitions', {
          group,
          topics: metadata.topics.join(),
        });
      else claims.push({ member: memberId, ...parseHeld(metadata.userData) });
    }
    return [...assignPartitions(partitionCount, claims)].map(([memberId, partitions]) => ({
      memberId,
      memberAssignment: MemberAssignment.encode({
        version: 0,
        assignment: Object.fromEntries(topics.map((topic) => [topic, partitions])),
      }),
    }));
  }

  /** Sends heartbeats until the group must be joined again. Throws the error of a failed heartbeat. */
  async #stay(again: AbortSignal): Promise<void> {
    while (!again.aborted) {
      await sleep(this.#options.heartbeatMs, again);
      if (again.aborted) return;
      await this.#heartbeat();
    }
  }

  async #heartbeat(): Promise<void> {
    const { client, group } = this.#options;
    const options = { groupId: group, memberId: this.#memberId, groupGenerationId: this.#generation };
    await client.callCoordinator('group', group, 'Heartbeat', options);
    this.#proveAlive();
  }

  async #onFailure(error: unknown): Promise<void> {
    const { logger, group, onAssigned } = this.#options;
    const kind = decideFailure(error);
    if (kind === 'rebalance') return;
    const reason = error instanceof Error ? error.message : String(error);
    if (kind === 'member') this.#memberId = '';
    if (kind === 'member' || !this.#isAlive()) {
      if (this.#options.heldPartitions().length > 0)
        logger.warn('partitions revoked: this process is no longer a member of the group', { group, reason });
      void onAssigned([]);
    }
    if (kind === 'member') return;
    const isPassing = mayRetry(kind);
    if (isPassing) logger.debug('the group coordinator does not respond; retrying', { group, reason });
    else logger.error('joining the group failed; retrying', { group, reason });
    await sleep(isPassing ? retryPauseMs.passing : retryPauseMs.lasting, this.#leaving.signal);
  }
}

/**
 * Decodes what another member sent when it joined. The JSON field `lanes` keeps its name, because other releases read
 * it.
 */
export function parseHeld(userData: Buffer | null): { generation: number; partitions: number[] } {
  try {
    const { generation, lanes } = JSON.parse(userData?.toString() ?? '') as { generation: unknown; lanes: unknown };
    if (typeof generation === 'number' && Array.isArray(lanes))
      return { generation, partitions: lanes.filter((partition): partition is number => Number.isInteger(partition)) };
  } catch {
    // A member without readable data holds nothing.
  }
  return { generation: -1, partitions: [] };
}
