/**
 * Notices alerts by the end of their topic, so that every recorder of a cluster hurries, whichever of them reads the alert. Telemetry is then
 * recorded without waiting for more of it, because evidence is about to be queried.
 */
import type { Bus } from '@faultline/bus';
import type { Clock } from '@faultline/runtime';

/** An alert shortens the time that is left, so it is looked for this often. */
export const lookForAlertMs = 250;
/** Evidence of an incident is queried most often in its first minute. */
const urgentMs = 60_000;

export interface AlertWatchOptions {
  readonly bus: Pick<Bus, 'offsets'>;
  readonly clock: Clock;
}

/** One for all partitions of a process. */
export class AlertWatch {
  readonly #options: AlertWatchOptions;
  #lookedMs = Number.NEGATIVE_INFINITY;
  #urgentUntilMs = 0;
  #written: bigint | null = null;

  constructor(options: AlertWatchOptions) {
    this.#options = options;
  }

  /** Whether an alert came in the last minute, or may have come. Asks the log at most four times a second, and rejects as the log does. */
  async isAlerted(): Promise<boolean> {
    const nowMs = this.#options.clock();
    if (nowMs - this.#lookedMs >= lookForAlertMs) {
      this.#lookedMs = nowMs;
      const offsets = await this.#options.bus.offsets('alerts');
      const written = offsets.reduce((sum, { next }) => sum + next, 0n);
      // What came before the first look is not known, so the first minute of a process is urgent.
      if (this.#written === null || written > this.#written) this.#urgentUntilMs = nowMs + urgentMs;
      this.#written = written;
    }
    return nowMs < this.#urgentUntilMs;
  }
}
