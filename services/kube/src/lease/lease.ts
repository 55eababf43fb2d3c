/** Elects one of several processes by a Lease, as client-go's leader election does: the time of the last renewal is that of our own clock. */
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
  readonly clock: Clock;
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

/** Runs `lead` whenever this process holds the Lease, with a signal that ends with it. Returns when the signal is aborted. */
export async function runElected(options: LeaseOptions, lead: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const { signal, durationMs, clock, logger, wait = sleep } = options;
  let seen: Seen | null = null;
  let term: { readonly stop: AbortController; readonly done: Promise<void> } | null = null;
  let heldUntilMs = 0;
  let failure: unknown = null;
  let lastError: AppError | null = null;
  while (!signal.aborted && failure === null) {
    const outcome = await tryLease(options, seen);
    if (signal.aborted) break;
    if (outcome.isHeld) heldUntilMs = clock() + durationMs;
    seen = outcome.seen ?? seen;
    logOutcome(logger, outcome.error, lastError);
    lastError = outcome.error;
    if (outcome.isHeld && term === null) {
      logger.info('this process watches the cluster', { lease: options.name });
      const stop = new AbortController();
      const fail = (error: unknown) => {
        failure = error;
      };
      term = { stop, done: lead(AbortSignal.any([signal, stop.signal])).catch(fail) };
    }
    // A Lease that cannot be renewed is held until it ends for the others.
    if (term !== null && (outcome.isLost || clock() >= heldUntilMs)) {
      term.stop.abort();
      await term.done;
      term = null;
    }
    if (term === null) options.onWaiting?.(outcome.error);
    await wait(durationMs / 5, signal);
  }
  await term?.done;
  if (failure !== null) throw failure;
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
  const { clock, holder, durationMs } = options;
  try {
    const lease = await readLease(options);
    const action = decideLease(lease, seen, { holder, durationMs, nowMs: clock() });
    const version = text(lease ?? {}, 'metadata', 'resourceVersion');
    const now = seen?.version === version ? seen : { version, atMs: clock() };
    if (action === 'wait') return { isHeld: false, isLost: true, seen: now, error: null };
    return { isHeld: await writeLease(options, lease), isLost: false, seen: now, error: null };
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

/** Whether it was written: another process may have been faster (409). */
async function writeLease(options: LeaseOptions, lease: JsonObject | null): Promise<boolean> {
  const now = new Date(options.clock()).toISOString().replace('Z', '000Z');
  const isOurs = text(lease ?? {}, 'spec', 'holderIdentity') === options.holder;
  const before = at(lease ?? {}, 'spec');
  const spec = {
    ...before,
    holderIdentity: options.holder,
    leaseDurationSeconds: Math.ceil(options.durationMs / 1000),
    renewTime: now,
    acquireTime: isOurs ? text(before, 'acquireTime') || now : now,
    leaseTransitions: numberAt(before, ['leaseTransitions']) + (isOurs || lease === null ? 0 : 1),
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
    idleMs: durationMs,
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
