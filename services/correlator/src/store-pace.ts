/** How much of its time a query must leave to the store, by how long the store took before. */

/** Few, as a store's load changes within a minute. */
const remembered = 9;
/** Some reads take twice as long as the median. */
const margin = 2;
/** The rest is for telemetry that is on its way, however slow the store is. */
const mostOfBudget = 0.8;

export class StorePace {
  readonly #tookMs: number[] = [];

  note(tookMs: number): void {
    this.#tookMs.push(tookMs);
    if (this.#tookMs.length > remembered) this.#tookMs.shift();
  }

  /** The store's part of `budgetMs`: `leastMs`, but at most half of it; more when the last reads took longer. */
  reserveMs(budgetMs: number, leastMs: number): number {
    const middleMs = this.#tookMs.toSorted((a, b) => a - b)[Math.floor(this.#tookMs.length / 2)] ?? 0;
    return Math.max(Math.min(leastMs, budgetMs / 2), Math.min(margin * middleMs, budgetMs * mostOfBudget));
  }
}
