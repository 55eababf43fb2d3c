/**
 * Keeps one kind in step with the API server: list once, then watch from there. It reconnects where a stream broke, and lists again when the
 * server no longer has the version. Each call of the sink must end before the next, so a slow log slows the stream down.
 */
import { AppError, backoffMs, sleep } from '@faultline/runtime';
import type { ResourceKind } from '../resources/table.ts';
import { type ClientOptions, retryAfterOf, type WatchRequest, watchEvents } from './client.ts';
import { type JsonObject, text } from './json.ts';
import { type ListLimits, listAllPages } from './pages.ts';

/** `late`: after a restart, what happened meanwhile cannot be read yet. What is known of the kind is still from before. */
export type KindState = 'reading' | 'late' | 'unavailable' | 'forbidden';

/** What takes the objects of one kind. */
export interface ReflectorSink {
  /** All objects as they are now, and the version of the list. Objects that are known and not in it are gone. */
  listed(items: readonly JsonObject[], resourceVersion: string): Promise<void>;
  changed(object: JsonObject): Promise<void>;
  deleted(object: JsonObject): Promise<void>;
  /** Nothing changed up to this version. */
  reached(resourceVersion: string): Promise<void>;
}

export interface ReflectorOptions extends ClientOptions {
  readonly kind: ResourceKind;
  readonly sink: ReflectorSink;
  readonly listPageSize: number;
  /** Default: by the memory of the process. */
  readonly listLimits?: ListLimits;
  readonly watchMs: number;
  readonly retryBaseMs: number;
  readonly retryMaxMs: number;
  /** Numbers in [0, 1) for jitter. */
  readonly random01: () => number;
  /** Resolves after `ms` or when the signal is aborted. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
  /** How long watches lasted is measured by it, ms. Default: `performance.now`. */
  readonly monotonicMs?: () => number;
  /** Called whenever the kind can be read or not. The error is null when it can. */
  readonly onState: (state: KindState, error: AppError | null) => void;
}

/** A server that forgets each version at once lets nothing be watched. One 410 is usual. */
const maxGone = 3;

/** How long a kind that is forbidden, not installed or too large is left alone. */
const permanentWaitMs = 300_000;

/** After this many answers that make no sense at one position, another position is tried: everything is listed. */
const maxBadAnswers = 2;

/** A watch that was open for this long ends the row of failures. Ends of watches that lasted less make the waits grow. */
const lastingMs = 10_000;

/**
 * Runs until the signal is aborted. `resourceVersion` is where an earlier run stopped; empty: list first. Rejects only with errors of the
 * sink that are not transient.
 */
export async function runReflector(options: ReflectorOptions, resourceVersion = ''): Promise<void> {
  if (resourceVersion !== '') await catchUp(options, resourceVersion);
  const { signal, wait = sleep } = options;
  const progress = new Progress(options);
  while (!signal.aborted) {
    const waitsMs = await oneRound(options, progress);
    if (waitsMs !== null) await wait(waitsMs, signal);
  }
}

/** Lists where that is needed, and watches once. Returns how long to wait before the next round; null: not at all. */
async function oneRound(options: ReflectorOptions, progress: Progress): Promise<number | null> {
  const { signal, watchMs } = options;
  try {
    progress.begin();
    if (progress.position === '') progress.listed(await listAll(options));
    const watch = { resourceVersion: progress.position, watchMs, onOpen: () => progress.opened() };
    for await (const reached of watchOnce(options, watch)) progress.reached(reached);
    const failures = progress.ended();
    return failures === 0 ? null : waitMs(options, endedEarly, failures);
  } catch (error) {
    if (signal.aborted) return null;
    if (!(error instanceof AppError)) throw error;
    return waitMs(options, error, progress.failed(error));
  }
}

/** How far one kind was read, and what went wrong in a row. It tells `onState` what follows from that. */
class Progress {
  /** The version to watch from. Empty: everything is listed first. */
  position = '';
  readonly #options: ReflectorOptions;
  #failures = 0;
  #gone = 0;
  #badAnswers = 0;
  /** When the server accepted the watch of this round; null: not yet. */
  #openedMs: number | null = null;
  /** After a watch that made no sense, the next one must bring something before the kind counts as read again. */
  #isWatchDoubtful = false;

  constructor(options: ReflectorOptions) {
    this.#options = options;
  }

  begin(): void {
    this.#openedMs = null;
  }

  listed(resourceVersion: string): void {
    this.position = resourceVersion;
    this.#badAnswers = 0;
    this.#reportReading();
  }

  opened(): void {
    this.#openedMs = this.#nowMs();
    this.#reportReading();
  }

  reached(resourceVersion: string): void {
    this.position = resourceVersion;
    this.#badAnswers = 0;
    if (this.#isDoubtful()) this.#options.onState('reading', null);
    this.#gone = 0;
    this.#isWatchDoubtful = false;
  }

  /** The server ended the watch. Returns how many watches in a row did not last. */
  ended(): number {
    if (this.#hasLasted()) this.#isWatchDoubtful = false;
    this.#failures = this.#hasLasted() ? 0 : this.#failures + 1;
    return this.#failures;
  }

  /** Returns how many rounds in a row have failed. */
  failed(error: AppError): number {
    this.#failures = this.#hasLasted() ? 1 : this.#failures + 1;
    const isGone = error.code === 'KUBE_GONE';
    this.#gone = isGone ? this.#gone + 1 : 0;
    if (error.code === 'KUBE_BAD_ANSWER') {
      this.#badAnswers += 1;
      this.#isWatchDoubtful = this.#openedMs !== null;
    }
    if (isGone || this.#badAnswers >= maxBadAnswers) this.position = '';
    if (!isGone || this.#gone >= maxGone) this.#options.onState(stateAfter(error), error);
    return this.#failures;
  }

  #reportReading(): void {
    if (!this.#isDoubtful()) this.#options.onState('reading', null);
  }

  #isDoubtful(): boolean {
    return this.#gone >= maxGone || this.#isWatchDoubtful;
  }

  /** A server may send an event and close each watch at once, so an event alone ends no row of failures. */
  #hasLasted(): boolean {
    const longMs = Math.min(lastingMs, this.#options.watchMs / 2);
    return this.#openedMs !== null && this.#nowMs() - this.#openedMs >= longMs;
  }

  #nowMs(): number {
    return monotonicOf(this.#options);
  }
}

function monotonicOf({ monotonicMs }: ReflectorOptions): number {
  return monotonicMs === undefined ? performance.now() : monotonicMs();
}

function stateAfter({ code }: AppError): 'unavailable' | 'forbidden' {
  return code === 'KUBE_FORBIDDEN' ? 'forbidden' : 'unavailable';
}

const endedEarly = new AppError('KUBE_UNAVAILABLE', 'the watch ended early', { kind: 'transient' });

/** The server sends what it has after a version at once, and ends the watch then. */
const catchUpMs = 1000;

/** A server that keeps such a watch open for longer than all of them together may last never ends it. */
const maxCatchUpMs = 300_000;

/**
 * Reads what happened since an earlier run, event by event, before everything is listed: a list alone would show two changes of one object
 * as one. When the server no longer has that version, its answers make no sense, or its watch has no end, the list is all there is.
 */
async function catchUp(options: ReflectorOptions, resourceVersion: string): Promise<void> {
  const { signal, onState, wait = sleep } = options;
  const open = new OpenTime(options);
  let position = resourceVersion;
  let badAnswers = 0;
  for (let failures = 1; !signal.aborted && !open.isTooLong(); failures += 1) {
    try {
      const watch = { resourceVersion: position, watchMs: catchUpMs, onOpen: () => open.begin() };
      for await (const reached of watchOnce(options, watch)) {
        position = reached;
        if (open.isTooLong()) return;
      }
      return;
    } catch (error) {
      open.end();
      if (!(error instanceof AppError)) throw error;
      if (signal.aborted || error.code === 'KUBE_GONE' || error.code === 'KUBE_FORBIDDEN') return;
      if (error.code === 'KUBE_BAD_ANSWER') badAnswers += 1;
      if (badAnswers >= maxBadAnswers) return;
      onState('late', error);
      await wait(waitMs(options, error, failures), signal);
    }
  }
}

/** How long watches were open, without the time in which the server was away: that is no fault of a watch. */
class OpenTime {
  readonly #options: ReflectorOptions;
  #beforeMs = 0;
  #openedMs: number | null = null;

  constructor(options: ReflectorOptions) {
    this.#options = options;
  }

  begin(): void {
    this.#openedMs = monotonicOf(this.#options);
  }

  end(): void {
    this.#beforeMs += this.#presentMs();
    this.#openedMs = null;
  }

  isTooLong(): boolean {
    return this.#beforeMs + this.#presentMs() >= maxCatchUpMs;
  }

  #presentMs(): number {
    return this.#openedMs === null ? 0 : monotonicOf(this.#options) - this.#openedMs;
  }
}

/** A kind that is gone is listed at once; if that goes on, with waits. */
function waitMs(options: ReflectorOptions, error: AppError, failures: number): number {
  if (error.kind === 'permanent') return permanentWaitMs;
  if (error.code === 'KUBE_GONE' && failures < 2) return 0;
  const { retryBaseMs, retryMaxMs, random01 } = options;
  const ownMs = backoffMs(failures, { baseMs: retryBaseMs, maxMs: retryMaxMs }, random01);
  return Math.max(ownMs, retryAfterOf(error) ?? 0);
}

/** A page token that expires in between begins anew. */
async function listAll(options: ReflectorOptions): Promise<string> {
  const request = { pageSize: options.listPageSize, ...(options.listLimits && { limits: options.listLimits }) };
  const { items, resourceVersion } = await listAllPages(options, options.kind, request);
  await options.sink.listed(items, resourceVersion);
  return resourceVersion;
}

/** One watch request. Yields each version that it reached. */
async function* watchOnce(options: ReflectorOptions, request: WatchRequest): AsyncGenerator<string> {
  const { sink, kind, random01 } = options;
  const { resourceVersion, watchMs } = request;
  let position = resourceVersion;
  // Spread, so that not all kinds reconnect at the same moment.
  const spreadMs = watchMs === catchUpMs ? watchMs : watchMs * (1 + random01());
  for await (const event of watchEvents(options, kind, { ...request, watchMs: spreadMs })) {
    if (event.type === 'BOOKMARK') {
      if (!isNewer(event.resourceVersion, position)) continue;
      await sink.reached(event.resourceVersion);
      position = event.resourceVersion;
      yield position;
      continue;
    }
    const version = text(event.object, 'metadata', 'resourceVersion');
    // A server that was started again may send once more what it sent before.
    if (!isNewer(version, position)) continue;
    await (event.type === 'DELETED' ? sink.deleted(event.object) : sink.changed(event.object));
    position = version;
    yield position;
  }
}

/**
 * Whether a version is later than another of the same kind. Versions are whole numbers that rise (KEP-5504). Other texts cannot be compared,
 * and then any different one counts as later.
 */
export function isNewer(version: string, than: string): boolean {
  if (!/^\d+$/.test(version) || !/^\d+$/.test(than)) return version !== than;
  return BigInt(version) > BigInt(than);
}
