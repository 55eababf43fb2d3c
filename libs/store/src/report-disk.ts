import type { DiskWatch } from '@faultline/runtime';
import type { Engine } from './engine.ts';

/** The same calls. A failed write makes `watch` look at the disk, since the engine has many errors for a full one. */
export function reportingDisk(engine: Engine, watch: Pick<DiskWatch, 'failed'>): Engine {
  const written = async (call: Promise<void>): Promise<void> => {
    try {
      await call;
    } catch (error) {
      watch.failed();
      throw error;
    }
  };
  return {
    ...engine,
    insert: (sql, body) => written(engine.insert(sql, body)),
    insertBlock: (into, block) => written(engine.insertBlock(into, block)),
    command: (sql) => written(engine.command(sql)),
  };
}
