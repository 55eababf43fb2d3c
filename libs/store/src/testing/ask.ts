/** Asks a store in the words of a person: any SELECT. For tests only; the store itself answers a fixed set of questions. */
import type { StoreConfig } from '../config.ts';
import { openFor } from '../store.ts';

export interface Asking {
  select<Row>(sql: string): Promise<readonly Row[]>;
  close(): Promise<void>;
}

/** Beside a store that is open in this process, or on its folder when nothing is. */
export async function openAsking(config: StoreConfig): Promise<Asking> {
  const engine = await openFor(config, Date.now);
  return { select: <Row>(sql: string) => engine.select<Row>({ sql, params: {} }), close: engine.close };
}
