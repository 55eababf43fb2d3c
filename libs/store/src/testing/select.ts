/** Runs any SELECT on a store. For tests only; the store itself answers a fixed set of queries. */
import type { StoreConfig } from '../config.ts';
import { openFor } from '../store.ts';

export interface TestClient {
  select<Row>(sql: string): Promise<readonly Row[]>;
  close(): Promise<void>;
}

/** Opens a client beside a store of this process, or on the folder when no store is open. */
export async function openTestClient(config: StoreConfig): Promise<TestClient> {
  const engine = await openFor(config, Date.now);
  return { select: <Row>(sql: string) => engine.select<Row>({ sql, params: {} }), close: engine.close };
}
