/** Creates the tables, now or when the server is back. */
import { AppError, backoffMs, type Clock, type Health, type Logger, sleep } from '@faultline/runtime';
import type { StoreConfig } from './config.ts';
import { tolerateDamage } from './damage/tolerance.ts';
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
  /** Called each time the tables are ready, before calls are let through. */
  readonly onReady?: () => Promise<void>;
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
 * Tries once, then resolves. A store that does not respond must not prevent the start, because paging, acknowledging
 * and resolving work without it. It is retried until it responds. Throws permanent errors.
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
  if (first !== null && first.kind !== 'transient') throw first;
  const done = first === null ? Promise.resolve() : retry(options, { prepareOnce, first, signal: stopping.signal });
  done.catch((error: unknown) => options.health?.set('store', { ok: false, detail: String(error) }));
  return {
    require: () => {
      if (!isReady) throw storeError('STORE_UNAVAILABLE', 'transient', ' It has not responded since the start.');
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
  const { logger, health, config, clock } = options;
  const sinceMs = clock();
  const where = placeOf(config);
  const backoff = { baseMs: retryBaseMs, maxMs: config.retryMaxMs };
  let error: AppError | null = first;
  for (let count = 1; error !== null; count++) {
    const reason: string = error.message;
    const seconds = Math.round((clock() - sinceMs) / 1000);
    logger.warn(`waiting for ${where}; paging goes on without it`, {
      code: error.code,
      attempt: count,
      seconds,
      reason,
    });
    health?.set('store', {
      ok: false,
      detail: `waiting for ${where}, which has not responded since the start ${seconds} s ago; paging goes on without its evidence: ${reason}`,
    });
    await sleep(backoffMs(count, backoff, Math.random), signal);
    if (signal.aborted) return;
    error = await attempt(prepareOnce);
    if (error !== null && error.kind !== 'transient') throw error;
  }
  logger.info(`${where} responds`, { seconds: Math.round((clock() - sinceMs) / 1000) });
}

/** The store for people, without a user and a password that the URL may have. */
function placeOf({ kind, url, folder }: StoreConfig): string {
  return kind === 'server' ? `ClickHouse at ${new URL(url).origin}` : `the store in ${folder}`;
}

/** Returns the error or null. Throws errors that are not ours: those are bugs. */
async function attempt(work: () => Promise<void>): Promise<AppError | null> {
  try {
    await work();
    return null;
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
}

async function prepare({ engine, config, layout, logger, clock, onReady }: ReadyOptions): Promise<void> {
  const applied = await migrate(engine, readMigrations(), clock, layout);
  if (applied.length > 0) logger.info('store migrated', { files: applied.length, last: applied.at(-1) ?? '' });
  await applyRetention(engine, config, layout);
  if (config.kind === 'embedded') await tolerateDamage(engine);
  await onReady?.();
}
