/** When to look for damage: after an error that damage causes, and when the engine met some in the background. */
import { AppError } from '@faultline/runtime';
import type { Engine } from '../engine.ts';
import { clickhouseCode } from '../translate-error.ts';
import { standardException, tooManyParts } from './codes.ts';
import type { DamageWatch } from './watch.ts';

type Calls = Pick<Engine, 'select' | 'insert' | 'insertBlock' | 'ping'>;

/** The same calls. An error that damage causes starts a round of `watch`; the call itself rejects. */
export function reportingDamage(engine: Calls, watch: Pick<DamageWatch, 'check'>): Calls {
  const reported = async <Value>(call: Promise<Value>): Promise<Value> => {
    try {
      return await call;
    } catch (error) {
      if (isDamageLikely(error)) void watch.check();
      throw error;
    }
  };
  return {
    select: (statement) => reported(engine.select(statement)),
    insert: (sql, body) => reported(engine.insert(sql, body)),
    insertBlock: (into, block) => reported(engine.insertBlock(into, block)),
    ping: engine.ping,
  };
}

function isDamageLikely(error: unknown): boolean {
  if (!(error instanceof AppError)) return false;
  const code = clickhouseCode(error.cause);
  return error.code === 'STORE_DAMAGED' || code === tooManyParts || code === standardException;
}

const everyMs = 60_000;

/** Returns the function that ends it. */
export function watchInBackground(watch: Pick<DamageWatch, 'checkBackground'>): () => void {
  // While the engine does not respond, there is nothing to look at.
  const timer = setInterval(() => void watch.checkBackground().catch(() => {}), everyMs);
  timer.unref();
  return () => clearInterval(timer);
}
