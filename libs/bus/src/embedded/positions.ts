import type { TopicName } from '@faultline/model';
import type { GroupPosition } from './protocol.ts';

/** The committed positions of all groups as they are on disk, and which groups read which topic. */
export class Positions {
  readonly #offsets = new Map<string, GroupPosition>();
  readonly #reading = new Map<TopicName, Set<string>>();
  readonly #openedMs: number;

  constructor(openedMs: number) {
    this.#openedMs = openedMs;
  }

  put(position: GroupPosition): void {
    this.#offsets.set(nameOf(position), position);
  }

  get(group: string, topic: TopicName, partition: number): number | undefined {
    return this.#offsets.get(nameOf({ group, topic, partition }))?.offset;
  }

  of(group: string, topic: TopicName): GroupPosition[] {
    return [...this.#offsets.values()].filter((position) => position.group === group && position.topic === topic);
  }

  /** Counts a group as a reader of the topic from now on, even before its first commit. */
  addReader(group: string, topic: TopicName): void {
    const groups = this.#reading.get(topic) ?? new Set();
    this.#reading.set(topic, groups.add(group));
  }

  /**
   * The lowest committed position of the groups that read the topic, per partition: 0 where one of them has committed
   * none. Null when no group reads it. A group with positions counts as gone once it has not subscribed for `idleMs`
   * since the log was opened.
   */
  floors(
    topic: TopicName,
    { partitionCount, nowMs, idleMs }: { partitionCount: number; nowMs: number; idleMs: number },
  ): number[] | null {
    const groups = new Set(this.#reading.get(topic));
    if (nowMs - this.#openedMs < idleMs)
      for (const position of this.#offsets.values()) if (position.topic === topic) groups.add(position.group);
    if (groups.size === 0) return null;
    return Array.from({ length: partitionCount }, (_, partition) =>
      Math.min(...[...groups].map((group) => this.get(group, topic, partition) ?? 0)),
    );
  }
}

const nameOf = ({ group, topic, partition }: Omit<GroupPosition, 'offset'>): string => `${topic}/${partition}/${group}`;
