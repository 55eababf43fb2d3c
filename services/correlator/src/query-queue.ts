/** Later queries wait for their turn: after a restart or an outage of the store, all old incidents need evidence at once. */
import type { EvidenceQuery } from '@faultline/model';

/** Queries that run at the same time for one partition. More would be slower each, and delay the page of a new incident. */
const maxRunning = 8;
/** Incidents whose turn is remembered. */
const maxRemembered = 10_000;

export class QueryQueue {
  readonly #waiting = new Map<string, EvidenceQuery>();
  /** Incidents in the order in which they last had their turn. */
  readonly #turns = new Map<string, number>();
  #running = 0;
  #turn = 0;

  get size(): number {
    return this.#waiting.size;
  }

  add(query: EvidenceQuery): void {
    this.#waiting.set(query.id, query);
  }

  /** A running query has ended. */
  ended(): void {
    this.#running -= 1;
  }

  /**
   * The queries to start now: those of the incidents that have waited longest. One past its deadline is dropped, as the core plans
   * another by itself.
   */
  next(nowMs: number): EvidenceQuery[] {
    if (this.#running >= maxRunning || this.#waiting.size === 0) return [];
    for (const [id, { deadlineMs }] of this.#waiting) if (deadlineMs <= nowMs) this.#waiting.delete(id);
    const turnOf = ({ incidentId }: EvidenceQuery) => this.#turns.get(incidentId) ?? 0;
    const next = [...this.#waiting.values()].sort((a, b) => turnOf(a) - turnOf(b)).slice(0, maxRunning - this.#running);
    for (const query of next) this.#take(query);
    return next;
  }

  #take({ id, incidentId }: EvidenceQuery): void {
    this.#waiting.delete(id);
    this.#running += 1;
    this.#turn += 1;
    this.#turns.delete(incidentId);
    this.#turns.set(incidentId, this.#turn);
    const [oldest] = this.#turns.keys();
    if (this.#turns.size > maxRemembered && oldest !== undefined) this.#turns.delete(oldest);
  }
}
