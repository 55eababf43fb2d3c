import type { Held } from './read-model.ts';

/** What a watcher was not sent yet: the latest revision of each incident, in the order of the topic. */
export class PendingRevisions {
  readonly #entries = new Map<string, Held>();
  #wake: (() => void) | null = null;

  put(held: Held): void {
    this.#entries.delete(held.id);
    this.#entries.set(held.id, held);
    this.#wake?.();
  }

  take(): Held | null {
    const first = this.#entries.values().next();
    if (first.done) return null;
    this.#entries.delete(first.value.id);
    return first.value;
  }

  /** Resolves when there may be something to take, or when the signal is aborted. */
  next(signal: AbortSignal): Promise<void> {
    if (signal.aborted || this.#entries.size > 0) return Promise.resolve();
    return new Promise((resolve) => {
      const finish = () => {
        this.#wake = null;
        signal.removeEventListener('abort', finish);
        resolve();
      };
      this.#wake = finish;
      signal.addEventListener('abort', finish, { once: true });
    });
  }
}
