/** What health says of a partition's loop: it lags, it fails, or it could not take an input. */
import type { PartitionAssignment } from '@faultline/bus';
import { type Health, sleep } from '@faultline/runtime';

/** An input that could not be taken is shown this long: nothing else shows that people were paged without correlation. */
const refusalShownMs = 900_000;

const healthPart = (partition: number): string => `correlator-${partition}`;

interface Shown {
  readonly text: string;
  readonly atMs: number;
}

/** A loop that failed runs again within seconds. If it does not, another process owns the partition. */
const restartMs = 60_000;

/** Shared by all runs of the partitions, as a failure ends a run. */
export class PartitionHealth {
  readonly #health: Health;
  readonly #stopping: AbortSignal;
  readonly #refusals = new Map<number, Shown>();
  /** How often the loop of a partition was started. */
  readonly #runs = new Map<number, number>();

  constructor(health: Health, stopping: AbortSignal) {
    this.#health = health;
    this.#stopping = stopping;
  }

  /** Runs the loop of a partition. Its part of health goes when the partition is revoked, and turns red when the loop fails. */
  async follow({ partition, signal }: Pick<PartitionAssignment, 'partition' | 'signal'>, loop: () => Promise<void>) {
    const run = (this.#runs.get(partition) ?? 0) + 1;
    this.#runs.set(partition, run);
    try {
      await loop();
      this.#health.remove(healthPart(partition));
    } catch (error) {
      if (!signal.aborted) this.#failed(partition, run, error instanceof Error ? error.message : String(error));
      throw error;
    }
  }

  #failed(partition: number, run: number, error: string): void {
    this.#set(partition, false, this.#refusalOf(partition) ?? `stopped and starts again: ${error}`);
    void sleep(restartMs, this.#stopping).then(() => {
      if (this.#runs.get(partition) === run) this.#health.remove(healthPart(partition));
    });
  }

  /** After a stop. */
  removeAll(): void {
    for (const partition of this.#runs.keys()) this.#health.remove(healthPart(partition));
  }

  /** Something could not be taken, or not as it came. `text`: tenant, input and size. */
  refused(partition: number, text: string, nowMs: number): void {
    this.#refusals.set(partition, { text, atMs: nowMs });
    this.#set(partition, false, text);
  }

  /** The loop goes on. `lagMs`: how long the oldest alert of the round waited. */
  running(partition: number, lagMs: number, { lagWarnMs, nowMs }: { lagWarnMs: number; nowMs: number }): void {
    const refusal = this.#refusalOf(partition, nowMs);
    if (lagMs > lagWarnMs)
      this.#set(partition, false, `alerts wait ${Math.round(lagMs / 1000)} s: the correlator is behind`);
    else if (refusal !== null) this.#set(partition, false, refusal);
    else this.#set(partition, true, 'alerts are processed as they arrive');
  }

  #refusalOf(partition: number, nowMs = 0): string | null {
    const refusal = this.#refusals.get(partition);
    return refusal === undefined || nowMs - refusal.atMs >= refusalShownMs ? null : refusal.text;
  }

  #set(partition: number, ok: boolean, detail: string): void {
    this.#health.set(healthPart(partition), { ok, detail });
  }
}
