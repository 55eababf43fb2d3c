/**
 * The one loop that hands inputs to the engine and writes what it returns. A batch is written atomically: changes, findings, state and
 * positions. A write that failed in passing is repeated with the same records, so that a change keeps its id.
 */
import { setImmediate } from 'node:timers/promises';
import type { Bus, OutgoingRecord } from '@faultline/bus';
import { codecs, driftAlertSource, type LedgerTotals, ledgerFields } from '@faultline/model';
import { AppError, backoffMs, type Clock, type Logger, sleep } from '@faultline/runtime';
import { kubernetesSource } from '../change/subject.ts';
import type { Batch, ClusterEngine, EngineInput } from './engine.ts';

export interface WriterOptions {
  readonly bus: Pick<Bus, 'publish' | 'maxRecordBytes'>;
  readonly engine: ClusterEngine;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /** Nobody else writes ledger totals under this name. */
  readonly name: string;
}

const maxWaiting = 2000;
const maxBatch = 500;
const tickMs = 30_000;
const retry = { baseMs: 200, maxMs: 10_000 };
/** More records than this are several writes; positions are in the last one. */
const maxRecords = 2000;
/** Room for a record's key and headers. */
const headRoomBytes = 2048;

/** What the ledger counts of one write, by signal. */
interface Sent {
  readonly changes: number;
  readonly alerts: number;
}
const nothing: Sent = { changes: 0, alerts: 0 };

export class Writer {
  readonly #options: WriterOptions;
  readonly #waiting: EngineInput[] = [];
  #wake: () => void = () => {};
  #hasRoom: (() => void)[] = [];
  #accepted: Sent = nothing;
  #failedWrites = 0;
  #lastMs = 0;

  constructor(options: WriterOptions) {
    this.#options = options;
    options.signal.addEventListener('abort', () => this.#release(), { once: true });
  }

  /** Resolves when there is room for the next input. */
  async submit(input: EngineInput): Promise<void> {
    this.#waiting.push(input);
    this.#wake();
    while (this.#waiting.length >= maxWaiting && !this.#options.signal.aborted)
      await new Promise<void>((resolve) => this.#hasRoom.push(resolve));
  }

  /** Runs until the signal is aborted. Rejects with an error of the log that a retry does not mend. */
  async run(): Promise<void> {
    const { engine, signal } = this.#options;
    let tickedMs = this.#nowMs();
    let hasMore = false;
    while (!signal.aborted) {
      const inputs = this.#waiting.splice(0, maxBatch);
      if (inputs.length > 0 || hasMore) hasMore = await this.#write(engine.take(inputs, this.#nowMs()));
      if (this.#nowMs() - tickedMs >= tickMs) {
        tickedMs = this.#nowMs();
        hasMore = await this.#write(engine.tick(tickedMs));
      }
      this.#release();
      // Others get their turn, such as the one that renews the Lease.
      if (hasMore) await setImmediate();
      else if (this.#waiting.length === 0) await this.#untilWoken();
    }
  }

  #release(): void {
    const waiters = this.#hasRoom;
    this.#hasRoom = [];
    for (const resolve of waiters) resolve();
    if (this.#options.signal.aborted) this.#wake();
  }

  async #untilWoken(): Promise<void> {
    const woken = new AbortController();
    this.#wake = () => woken.abort();
    if (this.#options.signal.aborted) return;
    await sleep(tickMs, woken.signal);
  }

  #nowMs(): number {
    this.#lastMs = Math.max(this.#lastMs, this.#options.clock());
    return this.#lastMs;
  }

  /** Returns whether the engine has more. */
  async #write({ records, changes, alerts, hasMore }: Batch): Promise<boolean> {
    const fitting = records.filter((record) => this.#fits(record));
    for (let at = 0; at < fitting.length; at += maxRecords) {
      const isLast = at + maxRecords >= fitting.length;
      await this.#publish(fitting.slice(at, at + maxRecords), isLast ? { changes, alerts } : nothing);
    }
    return hasMore;
  }

  #fits({ value, key }: OutgoingRecord): boolean {
    const fits = (value?.length ?? 0) + key.length + headRoomBytes <= this.#options.bus.maxRecordBytes;
    if (!fits) this.#options.logger.warn('an object is too large to be kept', { key });
    return fits;
  }

  async #publish(records: readonly OutgoingRecord[], sent: Sent): Promise<void> {
    const { bus, logger, signal } = this.#options;
    for (let attempt = 1; !signal.aborted; attempt += 1) {
      const accepted: Sent = {
        changes: this.#accepted.changes + sent.changes,
        alerts: this.#accepted.alerts + sent.alerts,
      };
      try {
        await bus.publish([
          ...records,
          ...(sent.changes > 0 ? [this.#totals(kubernetesSource, 'changes', accepted.changes)] : []),
          ...(sent.alerts > 0 ? [this.#totals(driftAlertSource, 'alerts', accepted.alerts)] : []),
        ]);
        this.#accepted = accepted;
        return;
      } catch (error) {
        if (!(error instanceof AppError) || error.kind !== 'transient') throw error;
        // The write may be on the log all the same. Its totals are left as they are; counting begins anew under another name.
        this.#failedWrites += 1;
        this.#accepted = nothing;
        logger.warn('the log cannot be written: changes of the cluster wait', { code: error.code, attempt });
        await sleep(backoffMs(attempt, retry, Math.random), signal);
      }
    }
  }

  #totals(source: string, signal: keyof Sent, accepted: number): OutgoingRecord {
    const { name } = this.#options;
    const writer = this.#failedWrites === 0 ? name : `${name}.${this.#failedWrites}`;
    const zero = Object.fromEntries(ledgerFields.map((field) => [field, 0])) as Record<
      (typeof ledgerFields)[number],
      number
    >;
    const totals: LedgerTotals = { writer, source, signal, totals: { ...zero, accepted } };
    return { topic: 'ledger', key: `${writer}/${source}/${signal}`, value: codecs.ledgerTotals.encode(totals) };
  }
}
