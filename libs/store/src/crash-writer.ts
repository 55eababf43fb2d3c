/**
 * The process that crash.test.ts kills. It writes batch after batch and prints the number of each one once it is
 * written.
 */
import { silentLogger } from '@faultline/runtime';
import { storeConfig } from './config.ts';
import { createStore } from './store.ts';
import { crashBatch } from './testing/rows.ts';
import { withWindows } from './testing/with-windows.ts';

const config = storeConfig.parse({ folder: process.argv[2] });
const { value: store } = await createStore(config, { logger: silentLogger, clock: Date.now }).start();
for (let number = 0; ; number++) {
  await store.insert(withWindows([crashBatch(number, Number(process.argv[3]))]));
  process.stdout.write(`${number}\n`);
}
