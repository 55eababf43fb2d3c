/** Makes the tables ready, now or when the server is back. */
import { AppError, backoffMs, type Clock, type Health, type Logger, sleep } from '@faultline/runtime';
import type { StoreConfig } from './config.ts';
import type { Engine } from './engine.ts';
import type { Layout } from './layout/layout.ts';
import { migrate, readMigrations } from './migration.ts';
import { applyRetention } from './retention.ts';
import { storeError } from './translate-error.ts';

export interface ReadyOptions {
  readonly engine: Engine;
  readonly config: StoreConfig;
  readonly layout: Layout;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly health?: Health;
}

export interface Readiness {
  /** Throws STORE_UNAVAILABLE while the tables are not ready. */
  require(): void;
  /** See `Store.done`. */
  readonly done: Promise<void>;
  stop(): Promise<void>;
}

const retryBaseMs = 200;

/**
 * Tries once before it resolves. A server that does not answer is no reason not to start: paging, acknowledging and resolving go on without
 * it. It is tried again until it answers. Throws what another try would not mend, and everything when the engine is in this process.
 */
export async function makeReady(options: ReadyOptions): Promise<Readiness> {
  const stopping = new AbortController();
  let isReady = false;
  const prepareOnce = async () => {
    await prepare(options);
    isReady = true;
    options.health?.set('store', { ok: true, detail: 'tables are ready' });
  };
  const first = await attempt(prepareOnce);
  const mayRetry = options.config.kind === 'server' && first?.kind === 'transient';
  if (first !== null && !mayRetry) throw first;
  const done = first === null ? Promise.resolve() : retry(options, { prepareOnce, first, signal: stopping.signal });
  done.catch((error: unknown) => options.health?.set('store', { ok: false, detail: String(error) }));
  return {
    require: () => {
      if (!isReady) throw storeError('STORE_UNAVAILABLE', 'transient', ' It has not answered since the start.');
    },
    done,
    stop: async () => {
      stopping.abort();
      await done.catch(() => undefined);
    },
  };
}

interface Retry {
  readonly prepareOnce: () => Promise<void>;
  readonly first: AppError;
  readonly signal: AbortSignal;
}

async function retry(options: ReadyOptions, { prepareOnce, first, signal }: Retry): Promise<void> {
  const { logger, health, config } = options;
  const backoff = { baseMs: retryBaseMs, maxMs: config.retryMaxMs };
  let error: AppError | null = first;
  for (let count = 1; error !== null; count++) {
    const reason: string = error.message;
    logger.warn('the store does not answer; starting without it', { code: error.code, attempt: count, reason });
    health?.set('store', { ok: false, detail: `ClickHouse has not answered since the start: ${reason}` });
    await sleep(backoffMs(count, backoff, Math.random), signal);
    if (signal.aborted) return;
    error = await attempt(prepareOnce);
    if (error !== null && error.kind !== 'transient') throw error;
  }
  logger.info('the store answers', {});
}

/** What went wrong, or null. Throws what is no error of ours: a bug. */
async function attempt(work: () => Promise<void>): Promise<AppError | null> {
  try {
    await work();
    return null;
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
}

async function prepare({ engine, config, layout, logger, clock }: ReadyOptions): Promise<void> {
  const applied = await migrate(engine, readMigrations(), clock, layout);
  if (applied.length > 0) logger.info('store migrated', { files: applied.length, last: applied.at(-1) ?? '' });
  await applyRetention(engine, config, layout);
}
