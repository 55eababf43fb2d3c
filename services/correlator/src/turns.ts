import { setImmediate as nextTurn } from 'node:timers/promises';

/** Longer than nearly every round takes; shorter than anybody who waits for an answer of this process notices. */
const longestMs = 20;

/** Lets the other tasks of the process run between the steps of a long round: answers to senders, pages, health. */
export class Turns {
  #sinceMs = performance.now();

  /** Call it between two steps. */
  async next(): Promise<void> {
    if (performance.now() - this.#sinceMs < longestMs) return;
    await nextTurn();
    this.#sinceMs = performance.now();
  }
}
