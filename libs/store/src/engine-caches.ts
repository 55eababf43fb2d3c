/**
 * Bounds the caches of the embedded engine. It takes no server settings, and its caches of marks and primary keys may grow to 5 GiB each. A
 * cache over its limit is dropped: the next queries fill it with what they need.
 */
import type { Logger } from '@faultline/runtime';
import type { Engine } from './engine.ts';

/** The caches by their metric of `system.metrics`, and the statements that empty them. */
const statements = {
  MarkCacheBytes: 'SYSTEM DROP MARK CACHE',
  IndexMarkCacheBytes: 'SYSTEM DROP INDEX MARK CACHE',
  PrimaryIndexCacheBytes: 'SYSTEM DROP PRIMARY INDEX CACHE',
  QueryConditionCacheBytes: 'SYSTEM DROP QUERY CONDITION CACHE',
} as const;
type Metric = keyof typeof statements;

/** Marks of a day of a system with 300 services are a few MiB. */
const maxBytes = 64 * 1024 * 1024;
const everyMs = 60_000;

interface CacheSize {
  readonly metric: string;
  readonly bytes: number;
}

/** The statements that empty the caches which are over the limit. */
export function decideDrops(sizes: readonly CacheSize[], limitBytes = maxBytes): readonly string[] {
  return sizes.flatMap(({ metric, bytes }) => (isMetric(metric) && bytes > limitBytes ? [statements[metric]] : []));
}

function isMetric(name: string): name is Metric {
  return Object.hasOwn(statements, name);
}

type Runner = Pick<Engine, 'select' | 'command'>;

/** Drops the caches that are over the limit. Returns the statements that it ran. */
export async function boundCaches(engine: Runner, limitBytes = maxBytes): Promise<readonly string[]> {
  const names = Object.keys(statements).map((name) => `'${name}'`);
  const sizes = await engine.select<CacheSize>({
    sql: `SELECT metric, toFloat64(value) AS bytes FROM system.metrics WHERE metric IN (${names.join(', ')})`,
    params: {},
  });
  const drops = decideDrops(sizes, limitBytes);
  for (const statement of drops) await engine.command(statement);
  return drops;
}

/** Returns the function that ends it. */
export function boundCachesInBackground(engine: Runner, logger: Logger): () => void {
  const timer = setInterval(() => {
    boundCaches(engine).then(
      (drops) => drops.length > 0 && logger.info('caches of the store were dropped', { statements: drops.join('; ') }),
      // While the engine does not respond, there is nothing to bound.
      () => {},
    );
  }, everyMs);
  timer.unref();
  return () => clearInterval(timer);
}
