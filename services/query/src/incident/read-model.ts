import type { LogRecord } from '@faultline/bus';
import { codecs, type Incident } from '@faultline/model';
import { unavailable } from '../errors.ts';
import type { ReadModel } from '../read-model/follow.ts';

/** An incident and the position of its revision on the topic. */
export interface Held {
  readonly id: string;
  readonly tenant: string;
  /** Null after its tombstone: it can no longer be reopened. */
  readonly incident: Incident | null;
  readonly partition: number;
  readonly offset: bigint;
}

export type CommandOutcome = Incident['commands'][number] & { readonly incident: Incident };

const keptOutcomes = 10_000;
const keptTombstones = 1000;

/** The open and recently resolved incidents in memory, from the `incidents` topic. One for each process. */
export class IncidentReadModel implements ReadModel {
  readonly #held = new Map<string, Held>();
  readonly #tombstones = new Map<string, Held>();
  readonly #outcomes = new Map<string, CommandOutcome>();
  readonly #listeners = new Set<(held: Held) => void>();
  #seen: Set<string> | null = new Set();
  /** The last record of each incident until the topic was read once. Only these are decoded, so a long history costs little. */
  readonly #unread = new Map<string, LogRecord>();
  #ready = false;

  restart(): void {
    this.#seen = new Set();
    this.#unread.clear();
  }

  apply(record: LogRecord): string | null {
    if (this.#ready) return this.#apply(record);
    if (record.value === null) this.#unread.delete(record.key);
    else this.#unread.set(record.key, record);
    return null;
  }

  #apply(record: LogRecord): string | null {
    this.#seen?.add(record.key);
    const before = this.#held.get(record.key);
    // The topic is read again from its start when the log was away. Known revisions are not news.
    if (before !== undefined && before.partition === record.partition && before.offset >= record.offset) return null;
    const position = { id: record.key, partition: record.partition, offset: record.offset };
    if (record.value === null) {
      if (before !== undefined) this.#remove({ ...before, ...position });
      return null;
    }
    const decoded = codecs.incident.decode(record.value);
    if (!decoded.ok) return decoded.reason;
    const incident = decoded.value;
    for (const command of incident.commands) this.#remember({ ...command, incident });
    const held = { ...position, incident, tenant: incident.scope.tenant };
    this.#held.set(record.key, held);
    this.#tombstones.delete(record.key);
    this.#notify(held);
    return null;
  }

  caughtUp(): readonly string[] {
    const skipped = [...this.#unread.values()].flatMap((record) => this.#apply(record) ?? []);
    this.#unread.clear();
    for (const held of [...this.#held.values()]) if (this.#seen?.has(held.id) === false) this.#remove(held);
    this.#seen = null;
    this.#ready = true;
    return skipped;
  }

  get ready(): boolean {
    return this.#ready;
  }

  /** Throws UNAVAILABLE until the topic was read once. A partial list would look like fewer incidents. */
  requireReady(): void {
    if (!this.#ready) throw unavailable('still reading the open incidents; try again in a moment');
  }

  get(tenant: string, id: string): Incident | null {
    const held = this.#held.get(id);
    return held?.tenant === tenant ? held.incident : null;
  }

  /** All incidents of a tenant, in no order. */
  list(tenant: string): readonly Incident[] {
    return [...this.#held.values()].flatMap((held) => (held.tenant === tenant && held.incident ? [held.incident] : []));
  }

  /** Incidents and recent tombstones of a tenant, in the order of the topic within each partition. */
  positions(tenant: string): readonly Held[] {
    return [...this.#held.values(), ...this.#tombstones.values()]
      .filter((held) => held.tenant === tenant)
      .sort((a, b) => a.partition - b.partition || Number(a.offset - b.offset));
  }

  /** How a command ended, or null while no revision says so. The last 10,000 outcomes are kept. */
  outcome(incidentId: string, commandId: string): CommandOutcome | null {
    return this.#outcomes.get(`${incidentId}/${commandId}`) ?? null;
  }

  /** Calls the listener after each revision and tombstone. Returns a function that removes it. */
  onChange(listener: (held: Held) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #remove(held: Held): void {
    const tombstone = { ...held, incident: null };
    this.#held.delete(held.id);
    remember(this.#tombstones, held.id, tombstone, keptTombstones);
    this.#notify(tombstone);
  }

  #remember(outcome: CommandOutcome): void {
    remember(this.#outcomes, `${outcome.incident.id}/${outcome.id}`, outcome, keptOutcomes);
  }

  #notify(held: Held): void {
    for (const listener of this.#listeners) listener(held);
  }
}

/** Sets an entry and drops the oldest one above the limit. */
function remember<Value>(map: Map<string, Value>, key: string, value: Value, limit: number): void {
  map.set(key, value);
  const oldest = map.keys().next();
  if (map.size > limit && !oldest.done) map.delete(oldest.value);
}
