/** Sends due jobs, a few at a time for each target. A slow target does not delay the others. */
import type { Incident } from '@faultline/model';
import { type Clock, noTrace, type Span, type SpanBegin, type TraceHeaders, type Tracer } from '@faultline/runtime';
import type { Channel } from '../channel.ts';
import { grantedWaitMs } from '../channels/retry-after.ts';
import { ChannelError } from '../errors.ts';
import { type Job, messageOf, type Outcome } from './job.ts';

export interface SenderOptions {
  readonly channels: ReadonlyMap<string, Channel>;
  readonly clock: Clock;
  readonly tracer: Tracer;
  readonly maxInFlightPerTarget: number;
  /** When each target got its last request, ms. The senders of all partitions share it. */
  readonly lastRequests: Map<string, number>;
}

export class Sender {
  readonly #options: SenderOptions;
  readonly #inFlight = new Map<string, number>();
  readonly #pauses = new Map<string, { readonly fromMs: number; readonly retryAfterMs: number }>();
  readonly #outcomes: Outcome[] = [];
  readonly #running = new Set<Promise<void>>();
  readonly #abort = new AbortController();
  /** Trace headers of each revision. */
  readonly #traces = new WeakMap<Incident, TraceHeaders>();

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  /** Sends of these revisions continue their traces. */
  continueTraces(traces: ReadonlyMap<Incident, TraceHeaders>): void {
    for (const [incident, trace] of traces) this.#traces.set(incident, trace);
  }

  get isBusy(): boolean {
    return this.#running.size > 0 || this.#outcomes.length > 0;
  }

  /** Starts the jobs whose target has room and does not ask for a longer wait. */
  start(jobs: readonly Job[]): void {
    const nowMs = this.#options.clock();
    for (const job of firstPagesFirst(jobs)) {
      const inFlight = this.#inFlight.get(job.target) ?? 0;
      if (inFlight >= this.#options.maxInFlightPerTarget || this.#mustWait(job, nowMs)) continue;
      this.#options.lastRequests.set(job.target, nowMs);
      this.#inFlight.set(job.target, inFlight + 1);
      job.isRunning = true;
      const begin = () => sendSpan(job, this.#options.channels.get(job.target), this.#traces.get(job.incident));
      const running = this.#options.tracer
        .run(begin, (span) => this.#run(job, span))
        .finally(() => this.#running.delete(running));
      this.#running.add(running);
    }
  }

  /** The outcomes since the last call, in order. */
  takeOutcomes(): readonly Outcome[] {
    return this.#outcomes.splice(0);
  }

  /** Resolves when no send is running, or after `graceMs`. */
  async drain(graceMs: number): Promise<void> {
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, graceMs);
    await Promise.race([Promise.all(this.#running), late]);
    clearTimeout(timer);
  }

  /** Aborts running sends, because the partition was revoked. */
  abort(): void {
    this.#abort.abort();
  }

  async #run(job: Job, span: Span): Promise<void> {
    try {
      const channel = this.#options.channels.get(job.target);
      if (channel === undefined) throw new Error(`no channel for target ${job.target}`);
      const receipt = await channel.send(messageOf(job), this.#abort.signal);
      this.#outcomes.push({ ok: true, job, ...receipt });
    } catch (error) {
      span.fail(error);
      this.#pause(job.target, error);
      this.#outcomes.push({ ok: false, job, error });
    } finally {
      this.#inFlight.set(job.target, (this.#inFlight.get(job.target) ?? 1) - 1);
    }
  }

  #pause(target: string, error: unknown): void {
    if (!(error instanceof ChannelError) || error.retryAfterMs === null) return;
    this.#pauses.set(target, { fromMs: this.#options.clock(), retryAfterMs: error.retryAfterMs });
  }

  #mustWait({ target, incident, action }: Job, nowMs: number): boolean {
    const { channels, lastRequests } = this.#options;
    const lastMs = lastRequests.get(target);
    const spacingMs = channels.get(target)?.rate.spacingMs ?? 0;
    const isTooSoon = lastMs !== undefined && nowMs >= lastMs && nowMs - lastMs < spacingMs;
    if (action === 'edit' && isTooSoon) return true;
    const pause = this.#pauses.get(target);
    if (pause === undefined) return false;
    return nowMs - pause.fromMs < grantedWaitMs(pause.retryAfterMs, pause.fromMs - incident.detectedAtMs);
  }
}

/** Where a target is short of room, new pages go before updates. */
function firstPagesFirst(jobs: readonly Job[]): readonly Job[] {
  return jobs.toSorted((a, b) => Number(a.action === 'edit') - Number(b.action === 'edit'));
}

/** The span of one try. */
function sendSpan({ action, reason, incident }: Job, channel: Channel | undefined, trace = noTrace): SpanBegin {
  return {
    name: `send ${channel?.name ?? 'unknown'}`,
    kind: 'client',
    attributes: {
      'faultline.incident.id': incident.id,
      'faultline.incident.revision': incident.revision,
      'faultline.page.action': action,
      'faultline.page.reason': reason,
    },
    causes: [trace],
  };
}
