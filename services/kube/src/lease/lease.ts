/**
 * Elects one of several processes by a Lease, as client-go's leader election does: each process measures the age of a renewal by a clock of its
 * own that never jumps. So neither clock skew nor a corrected clock lets two processes lead at once.
 */
import { performance } from 'node:perf_hooks';
import { AppError, type Clock, type Logger, sleep } from '@faultline/runtime';
import { maxStatusChars, readText } from '../api/body.ts';
import { at, isObject, type JsonObject, numberAt, parseJson, text } from '../api/json.ts';
import type { ApiResponse, Transport } from '../api/transport.ts';

export interface LeaseOptions {
  readonly transport: Transport;
  readonly namespace: string;
  readonly name: string;
  /** Names this process; no two are equal. */
  readonly holder: string;
  readonly durationMs: number;
  /** Only for the times that the Lease shows to people. */
  readonly clock: Clock;
  /** A clock that never jumps, ms. Default: `performance.now`. */
  readonly monotonicMs?: () => number;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  /** Resolves after `ms` or when the signal is aborted. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Called after each look at the Lease by a process that does not lead. Null: another one leads, or did until now. */
  readonly onWaiting?: (error: AppError | null) => void;
}

/** What was last seen of the Lease. */
interface Seen {
  readonly version: string;
  readonly atMs: number;
}

export type LeaseAction = 'create' | 'take' | 'renew' | 'wait';

/** What to do with a Lease that was read at `nowMs`. Null: there is none. */
export function decideLease(
  lease: JsonObject | null,
  seen: Seen | null,
  { holder, durationMs, nowMs }: { readonly holder: string; readonly durationMs: number; readonly nowMs: number },
): LeaseAction {
  if (lease === null) return 'create';
  const current = text(lease, 'spec', 'holderIdentity');
  if (current === holder) return 'renew';
  if (current === '') return 'take';
  const isUnchanged = seen !== null && seen.version === text(lease, 'metadata', 'resourceVersion');
  return isUnchanged && nowMs - seen.atMs > durationMs ? 'take' : 'wait';
}

/** Parts of the Lease's duration. Those of client-go are 10 s and 2 s of 15 s. */
const renewDeadline = 2 / 3;
const retryPart = 1 / 5;

/**
 * Runs `lead` whenever this process holds the Lease, with a signal that ends with it. On stop it gives the Lease back, so that another process
 * need not wait for its end. Rejects when `lead` does.
 */
export async function runElected(options: LeaseOptions, lead: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const { signal, durationMs, wait = sleep } = options;
  const election = new Election(options, lead);
  while (!signal.aborted && !election.hasFailed) {
    await election.tryOnce();
    await wait(durationMs * retryPart, signal);
  }
  await election.stop();
}

interface Term {
  readonly stop: AbortController;
  readonly done: Promise<void>;
}

/** What one process knows of the Lease, and its term while it leads. */
class Election {
  readonly #options: LeaseOptions;
  readonly #lead: (signal: AbortSignal) => Promise<void>;
  #seen: Seen | null = null;
  #term: Term | null = null;
  /** When the Lease was last asked to be renewed, with success. */
  #renewedMs = 0;
  #failure: { readonly error: unknown } | null = null;
  #lastError: AppError | null = null;

  constructor(options: LeaseOptions, lead: (signal: AbortSignal) => Promise<void>) {
    this.#options = options;
    this.#lead = lead;
  }

  /** Whether `lead` rejected. */
  get hasFailed(): boolean {
    return this.#failure !== null;
  }

  /** Reads and writes the Lease once, and begins or ends the term by what came of it. */
  async tryOnce(): Promise<void> {
    const { signal, logger, onWaiting } = this.#options;
    const startedMs = nowMs(this.#options);
    const outcome = await tryLease(this.#options, this.#seen);
    if (signal.aborted) return;
    this.#seen = outcome.seen ?? this.#seen;
    logOutcome(logger, outcome.error, this.#lastError);
    this.#lastError = outcome.error;
    if (outcome.isHeld) this.#renewed(startedMs);
    else if (outcome.isLost || this.#isOverdue()) await this.#endTerm();
    if (this.#term === null) onWaiting?.(outcome.error);
  }

  /** The time before the request counts: others count from when they see what it wrote. */
  #renewed(startedMs: number): void {
    this.#renewedMs = startedMs;
    if (this.#term !== null) return;
    this.#options.logger.info('this process watches the cluster', { lease: this.#options.name });
    const stop = new AbortController();
    const fail = (error: unknown) => {
      this.#failure = { error };
    };
    this.#term = { stop, done: this.#lead(AbortSignal.any([this.#options.signal, stop.signal])).catch(fail) };
  }

  /** A Lease that cannot be renewed is given up before others may take it. */
  #isOverdue(): boolean {
    return nowMs(this.#options) - this.#renewedMs >= this.#options.durationMs * renewDeadline;
  }

  async #endTerm(): Promise<void> {
    this.#term?.stop.abort();
    await this.#term?.done;
    this.#term = null;
  }

  async stop(): Promise<void> {
    const isLeader = this.#term !== null;
    await this.#endTerm();
    if (isLeader) await release(this.#options);
    if (this.#failure !== null) throw this.#failure.error;
  }
}

function nowMs({ monotonicMs }: LeaseOptions): number {
  return monotonicMs === undefined ? performance.now() : monotonicMs();
}

/** Without success the others wait until the Lease ends. */
async function release(options: LeaseOptions): Promise<void> {
  const own = { ...options, signal: AbortSignal.timeout(options.durationMs * retryPart) };
  try {
    const lease = await readLease(own);
    if (text(lease ?? {}, 'spec', 'holderIdentity') === options.holder) await writeLease(own, lease, '');
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
  }
}

/** An outage is logged once, with its reason. */
function logOutcome(logger: Logger, error: AppError | null, lastError: AppError | null): void {
  if (error !== null && error.message !== lastError?.message)
    logger.warn('the Lease cannot be read or written', { code: error.code, reason: error.message });
}

interface Outcome {
  readonly isHeld: boolean;
  /** Somebody else holds it. */
  readonly isLost: boolean;
  readonly seen: Seen | null;
  /** Why it could not be read or written. */
  readonly error: AppError | null;
}

async function tryLease(options: LeaseOptions, seen: Seen | null): Promise<Outcome> {
  const { holder, durationMs } = options;
  try {
    const lease = await readLease(options);
    const readMs = nowMs(options);
    const action = decideLease(lease, seen, { holder, durationMs, nowMs: readMs });
    const version = text(lease ?? {}, 'metadata', 'resourceVersion');
    const now = seen?.version === version ? seen : { version, atMs: readMs };
    if (action === 'wait') return { isHeld: false, isLost: true, seen: now, error: null };
    return { isHeld: await writeLease(options, lease, holder), isLost: false, seen: now, error: null };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { isHeld: false, isLost: false, seen: null, error };
  }
}

const path = ({ namespace }: LeaseOptions) => `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases`;

async function readLease(options: LeaseOptions): Promise<JsonObject | null> {
  const response = await send(options, 'GET', `${path(options)}/${options.name}`);
  if (response.status === 404) return null;
  const lease = parseJson(response.body);
  if (response.status !== 200 || !isObject(lease ?? undefined)) throw refused(response.status);
  return at(lease ?? undefined);
}

/** Whether it was written: another process may have been faster (409). An empty holder gives the Lease back. */
async function writeLease(options: LeaseOptions, lease: JsonObject | null, holder: string): Promise<boolean> {
  const now = new Date(options.clock()).toISOString().replace('Z', '000Z');
  const isOurs = text(lease ?? {}, 'spec', 'holderIdentity') === options.holder;
  const isTaken = holder !== '' && !isOurs && lease !== null;
  const before = at(lease ?? {}, 'spec');
  const spec = {
    ...before,
    holderIdentity: holder,
    leaseDurationSeconds: Math.ceil(options.durationMs / 1000),
    renewTime: now,
    acquireTime: isOurs ? text(before, 'acquireTime') || now : now,
    leaseTransitions: numberAt(before, ['leaseTransitions']) + (isTaken ? 1 : 0),
  };
  const kind = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease' };
  const metadata = lease === null ? { name: options.name, namespace: options.namespace } : at(lease, 'metadata');
  const body = JSON.stringify({ ...kind, metadata, spec });
  const response =
    lease === null
      ? await send(options, 'POST', path(options), body)
      : await send(options, 'PUT', `${path(options)}/${options.name}`, body);
  if (response.status === 409) return false;
  if (response.status !== 200 && response.status !== 201) throw refused(response.status);
  return true;
}

async function send(
  { transport, signal, durationMs }: LeaseOptions,
  method: 'GET' | 'POST' | 'PUT',
  target: string,
  body?: string,
): Promise<Pick<ApiResponse, 'status'> & { readonly body: string }> {
  const response = await transport({
    method,
    path: target,
    signal,
    idleMs: durationMs * retryPart,
    ...(body !== undefined && { body }),
  });
  return { status: response.status, body: (await readText(response.text, maxStatusChars)) ?? '' };
}

function refused(status: number): AppError {
  return new AppError('KUBE_UNAVAILABLE', `the Lease: the API server answered ${status}`, {
    kind: 'transient',
    httpStatus: status,
  });
}
