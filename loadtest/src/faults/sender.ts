/**
 * Sends as exporters and alert senders do: it repeats the same bytes while the answer is "not now" or missing. Some
 * requests are repeated although they were accepted, as if the answer was lost. Counts each accepted request once.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { InstanceAddresses } from '../cluster/cluster.ts';
import type { Message, Workload } from './workload.ts';

export interface Sent {
  readonly spans: number;
  readonly logs: number;
  readonly metrics: number;
  readonly alerts: number;
  /** Requests that were sent again, and the number of retries. */
  readonly retriedRequests: number;
  readonly retries: number;
  /** Requests sent again although they had been accepted. */
  readonly repeats: number;
  readonly seconds: number;
  /** The longest time of one request with all its retries, ms. */
  readonly longestMs: number;
}

export interface SenderOptions {
  readonly workload: Workload;
  readonly ingest: readonly InstanceAddresses[];
  /** Called with the progress from time to time. */
  readonly onProgress?: (text: string) => void;
}

const telemetryConcurrency = 6;
/** Every seventh telemetry request is repeated: in turn at once, soon, and long after its trace has settled. */
const repeatEvery = 7;
const repeatAfterMs = [0, 3_000, 25_000];
const requestTimeoutMs = 15_000;
const retryAfterMs = 250;
/** Longer than any outage in a fault run. A sender that gives up would lose data, which is not under test. */
const timeoutMs = 300_000;

type Counts = { -readonly [Field in keyof Sent]: Sent[Field] };

/**
 * Sends in real time, or slower when Faultline is slower. Resolves with the accepted counts; rejects when a request is
 * refused.
 */
export async function sendWorkload(options: SenderOptions): Promise<Sent> {
  const { workload, onProgress } = options;
  const startMs = performance.now();
  const counts: Counts = {
    spans: 0,
    logs: 0,
    metrics: 0,
    alerts: 0,
    retriedRequests: 0,
    retries: 0,
    repeats: 0,
    seconds: 0,
    longestMs: 0,
  };
  const sender = new RetryingSender(options.ingest, counts, startMs);
  const telemetry = workload.telemetry()[Symbol.iterator]();
  const progress = setInterval(() => onProgress?.(JSON.stringify(counts)), 10_000);
  try {
    await Promise.all([
      ...Array.from({ length: telemetryConcurrency }, () => sender.sendAll(telemetry)),
      ...Array.from({ length: workload.size.scopes }, (_, scope) => sender.sendAll(each(workload.alerts(scope)))),
    ]);
    await sender.repeated();
  } finally {
    clearInterval(progress);
  }
  counts.seconds = Math.round((performance.now() - startMs) / 100) / 10;
  return counts;
}

function* each(messages: Iterable<Message>): Generator<readonly Message[]> {
  for (const message of messages) yield [message];
}

class RetryingSender {
  readonly #ingest: readonly InstanceAddresses[];
  readonly #counts: Counts;
  readonly #startMs: number;
  readonly #repeats: Promise<void>[] = [];
  #turn = 0;
  #accepted = 0;

  constructor(ingest: readonly InstanceAddresses[], counts: Counts, startMs: number) {
    this.#ingest = ingest;
    this.#counts = counts;
    this.#startMs = startMs;
  }

  /** One after another. Several callers may share one iterator. */
  async sendAll(groups: Iterator<readonly Message[]>): Promise<void> {
    for (let next = groups.next(); !next.done; next = groups.next())
      for (const message of next.value) {
        const waitMs = this.#startMs + message.atMs - performance.now();
        if (waitMs > 0) await delay(waitMs);
        await this.#send(message);
      }
  }

  /** Resolves when all repeats were sent. */
  async repeated(): Promise<void> {
    await Promise.all(this.#repeats);
  }

  /**
   * The answer is ignored. The repeats stop after a while, because after ten minutes they would be new to Faultline.
   */
  async #repeat(message: Message, afterMs: number): Promise<void> {
    await delay(afterMs);
    const startMs = performance.now();
    this.#counts.repeats += 1;
    while ((await this.#try(message)) !== null && performance.now() - startMs < timeoutMs) await delay(retryAfterMs);
  }

  #mayRepeat(message: Message): void {
    if (message.signal === 'alerts') return;
    this.#accepted += 1;
    if (this.#accepted % repeatEvery !== 0) return;
    const afterMs = repeatAfterMs[(this.#accepted / repeatEvery) % repeatAfterMs.length] ?? 0;
    this.#repeats.push(this.#repeat(message, afterMs));
  }

  async #send(message: Message): Promise<void> {
    const counts = this.#counts;
    const startMs = performance.now();
    for (let attempt = 0; ; attempt++) {
      const problem = await this.#try(message);
      const tookMs = performance.now() - startMs;
      if (problem === null) {
        counts[message.signal] += message.items;
        this.#mayRepeat(message);
        if (attempt > 0) counts.retriedRequests += 1;
        counts.longestMs = Math.max(counts.longestMs, Math.round(tookMs));
        return;
      }
      if (tookMs > timeoutMs) throw new Error(`${message.path}: ${problem}`);
      counts.retries += 1;
      await delay(retryAfterMs);
    }
  }

  /**
   * Returns null when accepted, otherwise why not yet. Throws when refused for good. Each attempt goes to the next
   * address, as behind a load balancer.
   */
  async #try({ path, body, contentType, tenant, signal }: Message): Promise<string | null> {
    const address = this.#ingest[this.#turn++ % this.#ingest.length];
    const base = signal === 'alerts' ? address?.http : address?.otlpHttp;
    try {
      const timeout = AbortSignal.timeout(requestTimeoutMs);
      const headers = { 'content-type': contentType, 'x-scope-orgid': tenant };
      const response = await fetch(`${base}${path}`, { method: 'POST', body, headers, signal: timeout });
      const text = contentType === 'application/json' || !response.ok ? await response.text() : '';
      if (response.ok) {
        if (text === '') await response.arrayBuffer();
        return null;
      }
      if (response.status !== 503) throw new Refused(`${path}: ${response.status} ${text}`);
      return text;
    } catch (error) {
      if (error instanceof Refused) throw error;
      return String(error);
    }
  }
}

class Refused extends Error {}
