/**
 * A process that starts a store on a server, writes one named batch and stops: `node start-child.ts URL DATABASE TIME`.
 */
import { silentLogger } from '@faultline/runtime';
import { storeConfig } from '../config.ts';
import { createStore } from '../store.ts';
import { crashBatch } from './rows.ts';
import { withWindows } from './with-windows.ts';

const [url, database, atMs] = process.argv.slice(2);
const config = storeConfig.parse({ kind: 'server', url, database });
const { value: store, stop } = await createStore(config, { logger: silentLogger, clock: Date.now }).start();
await store.insert(withWindows([crashBatch(0, Number(atMs))]));
await stop();
