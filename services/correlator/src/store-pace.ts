/** What a question must leave the store of its time, by how long the last answers took. */

/** Answers that are looked at: few, as a store's load changes within a minute. */
const remembered = 9;
/** One answer in many takes twice as long as the middle one. */
const margin = 2;
/** The rest of its time a question may wait for telemetry that is on its way, however slow the store is. */
const mostOfBudget = 0.8;

export class StorePace {
  readonly #tookMs: number[] = [];

  note(tookMs: number): void {
    this.#tookMs.push(tookMs);
    if (this.#tookMs.length > remembered) this.#tookMs.shift();
  }

  /** Of `budgetMs`: half of it at most while nothing is known or the store is quick, then `leastMs`; more where the last answers took longer. */
  reserveMs(budgetMs: number, leastMs: number): number {
    const middleMs = this.#tookMs.toSorted((a, b) => a - b)[Math.floor(this.#tookMs.length / 2)] ?? 0;
    return Math.max(Math.min(leastMs, budgetMs / 2), Math.min(margin * middleMs, budgetMs * mostOfBudget));
  }
}
