/** Later questions wait their turn: after a restart, or an outage of the store, all incidents that lasted want evidence at once. */
import type { EvidenceQuery } from '@faultline/model';

/** Asked at the same time by one lane. More would only take longer each, and keep the page of a new incident waiting. */
const maxAsked = 8;
/** Incidents whose turn is remembered. */
const maxRemembered = 10_000;

export class QuestionQueue {
  readonly #waiting = new Map<string, EvidenceQuery>();
  /** Incidents in the order in which they last had their turn. */
  readonly #turns = new Map<string, number>();
  #asked = 0;
  #turn = 0;

  get size(): number {
    return this.#waiting.size;
  }

  add(question: EvidenceQuery): void {
    this.#waiting.set(question.id, question);
  }

  /** One of those that are asked has ended. */
  ended(): void {
    this.#asked -= 1;
  }

  /**
   * The questions to ask now: of the incidents that have waited longest for a turn. One whose deadline has passed is dropped: the core plans
   * another by itself.
   */
  next(nowMs: number): EvidenceQuery[] {
    if (this.#asked >= maxAsked || this.#waiting.size === 0) return [];
    for (const [id, { deadlineMs }] of this.#waiting) if (deadlineMs <= nowMs) this.#waiting.delete(id);
    const turnOf = ({ incidentId }: EvidenceQuery) => this.#turns.get(incidentId) ?? 0;
    const next = [...this.#waiting.values()].sort((a, b) => turnOf(a) - turnOf(b)).slice(0, maxAsked - this.#asked);
    for (const question of next) this.#take(question);
    return next;
  }

  #take({ id, incidentId }: EvidenceQuery): void {
    this.#waiting.delete(id);
    this.#asked += 1;
    this.#turn += 1;
    this.#turns.delete(incidentId);
    this.#turns.set(incidentId, this.#turn);
    const [oldest] = this.#turns.keys();
    if (this.#turns.size > maxRemembered && oldest !== undefined) this.#turns.delete(oldest);
  }
}
