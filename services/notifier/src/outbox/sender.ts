/** Sends what is due, a few at a time for each target, so that a slow or dead one holds up no other. */
import type { Clock } from '@faultline/runtime';
import type { Channel } from '../channel.ts';
import { ChannelError } from '../errors.ts';
import { type Job, messageOf, type Outcome } from './job.ts';

export interface SenderOptions {
  readonly channels: ReadonlyMap<string, Channel>;
  readonly clock: Clock;
  readonly maxInFlightPerTarget: number;
}

export class Sender {
  readonly #options: SenderOptions;
  readonly #inFlight = new Map<string, number>();
  readonly #pausedUntilMs = new Map<string, number>();
  readonly #outcomes: Outcome[] = [];
  readonly #running = new Set<Promise<void>>();
  readonly #abort = new AbortController();

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  get isBusy(): boolean {
    return this.#running.size > 0 || this.#outcomes.length > 0;
  }

  /** Starts those jobs whose target has room and has not asked us to wait. */
  start(jobs: readonly Job[]): void {
    const nowMs = this.#options.clock();
    for (const job of jobs) {
      const inFlight = this.#inFlight.get(job.target) ?? 0;
      if (inFlight >= this.#options.maxInFlightPerTarget || (this.#pausedUntilMs.get(job.target) ?? 0) > nowMs)
        continue;
      this.#inFlight.set(job.target, inFlight + 1);
      job.isRunning = true;
      const running = this.#run(job).finally(() => this.#running.delete(running));
      this.#running.add(running);
    }
  }

  /** The outcomes since the last call, in the order in which they came. */
  takeOutcomes(): readonly Outcome[] {
    return this.#outcomes.splice(0);
  }

  /** Resolves when nothing is under way, or after `graceMs`. */
  async drain(graceMs: number): Promise<void> {
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, graceMs);
    await Promise.race([Promise.all(this.#running), late]);
    clearTimeout(timer);
  }

  /** Gives up what is under way: the lane is lost. */
  abort(): void {
    this.#abort.abort();
  }

  async #run(job: Job): Promise<void> {
    try {
      const channel = this.#options.channels.get(job.target);
      if (channel === undefined) throw new Error(`no channel for target ${job.target}`);
      const receipt = await channel.send(messageOf(job), this.#abort.signal);
      this.#outcomes.push({ ok: true, job, ...receipt });
    } catch (error) {
      this.#pause(job.target, error);
      this.#outcomes.push({ ok: false, job, error });
    } finally {
      this.#inFlight.set(job.target, (this.#inFlight.get(job.target) ?? 1) - 1);
    }
  }

  #pause(target: string, error: unknown): void {
    if (!(error instanceof ChannelError) || error.retryAfterMs === null) return;
    this.#pausedUntilMs.set(target, this.#options.clock() + error.retryAfterMs);
  }
}
