/**
 * The changes of a scope by time, by target and by what they delivered. It also says which one goes when there are too many. Derived from the
 * changes alone, so a restart makes no difference.
 */
import { type Change, entityId } from '@faultline/model';
import { identityOf } from '../release/identity.ts';
import { SortedList } from './sorted-list.ts';

interface Entry {
  readonly id: string;
  readonly atMs: number;
  readonly bytes: number;
  readonly sender: string;
  readonly target: string;
  /** Commit, digest, image, and version of the target. */
  readonly keys: readonly string[];
}

/** This many of a target's newest changes outlive older changes of other targets. */
const keptPerTarget = 8;
/** Reports of one rollout that are looked up by one key. */
const maxSameKey = 20;
/** Changes of one service that are looked up. */
const maxOfService = 50;

const byTime = (a: Entry, b: Entry): number => a.atMs - b.atMs || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

export class ChangeIndex {
  readonly #entries = new Map<string, Entry>();
  readonly #byTime = new SortedList<Entry>(byTime);
  readonly #byTarget = new Map<string, SortedList<Entry>>();
  readonly #byKey = new Map<string, SortedList<Entry>>();
  readonly #bySender = new Map<string, SenderChanges>();
  #bytes = 0;

  /** Of all changes as JSON. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Replaces the change with this id. */
  set(change: Change): void {
    this.delete(change.id);
    const entry = entryOf(change);
    this.#entries.set(entry.id, entry);
    this.#bytes += entry.bytes;
    this.#byTime.add(entry);
    addTo(this.#byTarget, entry.target, entry);
    for (const key of entry.keys) addTo(this.#byKey, key, entry);
    const sender = this.#bySender.get(entry.sender) ?? new SenderChanges();
    this.#bySender.set(entry.sender, sender);
    sender.add(entry);
  }

  delete(id: string): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    this.#entries.delete(id);
    this.#bytes -= entry.bytes;
    this.#byTime.remove(entry);
    removeFrom(this.#byTarget, entry.target, entry);
    for (const key of entry.keys) removeFrom(this.#byKey, key, entry);
    const sender = this.#bySender.get(entry.sender);
    sender?.remove(entry);
    if (sender?.bytes === 0) this.#bySender.delete(entry.sender);
  }

  /**
   * The id of the change that goes first. It is of the sender whose changes take the most room, and there of a target that has many. So a flood
   * of one sender, or about one service, pushes out only its own.
   */
  leastWanted(): string | undefined {
    const senders = [...this.#bySender].sort(([a, one], [b, other]) => other.bytes - one.bytes || (a < b ? -1 : 1));
    return senders[0]?.[1].leastWanted()?.id;
  }

  /**
   * Ids of at most `most` changes that may concern an incident: those of these services, then the last ones before a time. Beside them come the
   * other reports of the same rollouts, also after that time. Sorted.
   */
  relevantIds({ services, ids, untilMs, most }: RelevantQuery): string[] {
    const found = new Set<Entry>(ids.flatMap((id) => this.#entries.get(id) ?? []).slice(0, most));
    const addUpTo = (entries: readonly Entry[]) => {
      for (const entry of entries) if (found.size < most) found.add(entry);
    };
    for (const service of services) addUpTo(last(this.#byTarget.get(service), maxOfService));
    const before = this.#byTime.countWhile(({ atMs }) => atMs <= untilMs);
    addUpTo(this.#byTime.slice(Math.max(0, before - most), before).reverse());
    const same = [...found].flatMap(({ keys }) => keys.flatMap((key) => last(this.#byKey.get(key), maxSameKey)));
    return [...new Set([...found, ...same.slice(0, most)])].map(({ id }) => id).sort();
  }
}

export interface RelevantQuery {
  /** Most relevant first. */
  readonly services: Iterable<string>;
  /** Changes that are relevant in any case. */
  readonly ids: readonly string[];
  readonly untilMs: number;
  readonly most: number;
}

/** The changes that one sender reported. */
class SenderChanges {
  readonly #byTarget = new Map<string, SortedList<Entry>>();
  /** By how many newer changes the target has; the last one holds all with more. */
  readonly #byRank = Array.from({ length: keptPerTarget + 1 }, () => new SortedList<Entry>(byTime));
  bytes = 0;

  add(entry: Entry): void {
    const known = this.#byTarget.get(entry.target);
    const rank = known === undefined ? 0 : newerThan(known, entry);
    // From the oldest on, so that each moves to a place that is free.
    for (let at = keptPerTarget - 1; at >= rank; at -= 1) this.#move(known?.at(-1 - at), at, at + 1);
    addTo(this.#byTarget, entry.target, entry);
    this.#rankList(rank).add(entry);
    this.bytes += entry.bytes;
  }

  remove(entry: Entry): void {
    const known = this.#byTarget.get(entry.target);
    if (known === undefined) return;
    const rank = newerThan(known, entry);
    this.#rankList(rank).remove(entry);
    for (let at = rank; at < keptPerTarget; at += 1) this.#move(known.at(-2 - at), at + 1, at);
    removeFrom(this.#byTarget, entry.target, entry);
    this.bytes -= entry.bytes;
  }

  leastWanted(): Entry | undefined {
    return this.#byRank.findLast(({ size }) => size > 0)?.at(0);
  }

  #move(entry: Entry | undefined, from: number, to: number): void {
    if (entry === undefined) return;
    this.#rankList(from).remove(entry);
    this.#rankList(to).add(entry);
  }

  #rankList(rank: number): SortedList<Entry> {
    return this.#byRank[Math.min(rank, keptPerTarget)] as SortedList<Entry>;
  }
}

function newerThan(list: SortedList<Entry>, entry: Entry): number {
  return list.size - list.countWhile((other) => byTime(other, entry) <= 0);
}

function entryOf(change: Change): Entry {
  const { subject, strong, weak } = identityOf(change);
  return {
    id: change.id,
    atMs: lastMs(change),
    bytes: JSON.stringify(change).length,
    sender: change.source,
    target: subject === '' ? entityId(change.entities) : subject,
    keys: [...strong, ...weak.map((key) => `${subject}|${key}`)],
  };
}

/** When it happened, or was heard of. */
function lastMs({ startedAtMs, receivedAtMs }: Change): number {
  return Math.max(startedAtMs, receivedAtMs);
}

function last(list: SortedList<Entry> | undefined, most: number): Entry[] {
  return list === undefined ? [] : list.slice(Math.max(0, list.size - most), list.size).reverse();
}

function addTo(lists: Map<string, SortedList<Entry>>, key: string, entry: Entry): void {
  const list = lists.get(key) ?? new SortedList<Entry>(byTime);
  lists.set(key, list);
  list.add(entry);
}

function removeFrom(lists: Map<string, SortedList<Entry>>, key: string, entry: Entry): void {
  const list = lists.get(key);
  list?.remove(entry);
  if (list?.size === 0) lists.delete(key);
}
