import type { Engine } from './engine.ts';
import { storeError } from './translate-error.ts';

/**
 * An engine that is opened by its first call. When that fails, the call rejects and the next one tries again, so that a
 * folder that cannot be read now may be read later.
 */
export function lazyEngine(open: () => Promise<Engine>): Engine {
  let opening: Promise<Engine> | null = null;
  let isClosed = false;
  const opened = async (): Promise<Engine> => {
    if (isClosed) throw storeError('STORE_CLOSED', 'transient');
    opening ??= open();
    try {
      return await opening;
    } catch (error) {
      opening = null;
      throw error;
    }
  };
  return {
    select: async (statement) => (await opened()).select(statement),
    insert: async (sql, body) => (await opened()).insert(sql, body),
    insertBlock: async (into, block) => (await opened()).insertBlock(into, block),
    command: async (sql) => (await opened()).command(sql),
    ping: async () => (await opened()).ping(),
    close: async () => {
      isClosed = true;
      const engine = await opening?.catch(() => null);
      await engine?.close();
    },
  };
}
