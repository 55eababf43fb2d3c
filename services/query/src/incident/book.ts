import type { LogRecord } from '@faultline/bus';
import { codecs, type Incident } from '@faultline/model';
import { unavailable } from '../errors.ts';
import type { View } from '../view/follow.ts';

/** An incident and where on the topic its revision stands. */
export interface Held {
  readonly id: string;
  readonly tenant: string;
  /** Null: retired, its reopen window is over. */
  readonly incident: Incident | null;
  readonly partition: number;
  readonly offset: bigint;
}

export type CommandOutcome = Incident['commands'][number] & { readonly incident: Incident };

const keptOutcomes = 10_000;
const keptRetired = 1000;

/** The open and recently resolved incidents, in memory, as the `incidents` topic tells them. One for each process. */
export class IncidentBook implements View {
  readonly #held = new Map<string, Held>();
  readonly #retired = new Map<string, Held>();
  readonly #outcomes = new Map<string, CommandOutcome>();
  readonly #listeners = new Set<(held: Held) => void>();
  #seen: Set<string> | null = new Set();
  /** Before it is caught up: the last record of each incident, not decoded. What is over long since is read past at little cost. */
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
    // After the log was away it is read again from the start: what is known is not news.
    if (before !== undefined && before.partition === record.partition && before.offset >= record.offset) return null;
    const place = { id: record.key, partition: record.partition, offset: record.offset };
    if (record.value === null) {
      if (before !== undefined) this.#retire({ ...before, ...place });
      return null;
    }
    const decoded = codecs.incident.decode(record.value);
    if (!decoded.ok) return decoded.reason;
    const incident = decoded.value;
    for (const command of incident.commands) this.#remember({ ...command, incident });
    const held = { ...place, incident, tenant: incident.scope.tenant };
    this.#held.set(record.key, held);
    this.#retired.delete(record.key);
    this.#tell(held);
    return null;
  }

  caughtUp(): readonly string[] {
    const skipped = [...this.#unread.values()].flatMap((record) => this.#apply(record) ?? []);
    this.#unread.clear();
    for (const held of [...this.#held.values()]) if (this.#seen?.has(held.id) === false) this.#retire(held);
    this.#seen = null;
    this.#ready = true;
    return skipped;
  }

  get ready(): boolean {
    return this.#ready;
  }

  /** Throws UNAVAILABLE until the topic was read once: half a list would look like fewer incidents. */
  requireReady(): void {
    if (!this.#ready) throw unavailable('still reading the open incidents; try again in a moment');
  }

  get(tenant: string, id: string): Incident | null {
    const held = this.#held.get(id);
    return held?.tenant === tenant ? held.incident : null;
  }

  /** All of a tenant, in no order. */
  list(tenant: string): readonly Incident[] {
    return [...this.#held.values()].flatMap((held) => (held.tenant === tenant && held.incident ? [held.incident] : []));
  }

  /** What stands and what was lately retired, in the order of the topic within each partition. */
  positions(tenant: string): readonly Held[] {
    return [...this.#held.values(), ...this.#retired.values()]
      .filter((held) => held.tenant === tenant)
      .sort((a, b) => a.partition - b.partition || Number(a.offset - b.offset));
  }

  /** How a command ended, when a revision has told it; the last 10,000 are known. */
  outcome(incidentId: string, commandId: string): CommandOutcome | null {
    return this.#outcomes.get(`${incidentId}/${commandId}`) ?? null;
  }

  /** Called on each revision and retirement, after the book has it. Returns the way to stop. */
  onChange(listener: (held: Held) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #retire(held: Held): void {
    const retired = { ...held, incident: null };
    this.#held.delete(held.id);
    remember(this.#retired, held.id, retired, keptRetired);
    this.#tell(retired);
  }

  #remember(outcome: CommandOutcome): void {
    remember(this.#outcomes, `${outcome.incident.id}/${outcome.id}`, outcome, keptOutcomes);
  }

  #tell(held: Held): void {
    for (const listener of this.#listeners) listener(held);
  }
}

/** Sets an entry and drops the oldest above the bound. */
function remember<Value>(map: Map<string, Value>, key: string, value: Value, most: number): void {
  map.set(key, value);
  const oldest = map.keys().next();
  if (map.size > most && !oldest.done) map.delete(oldest.value);
}
