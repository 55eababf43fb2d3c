/** A process for crash.test.ts: writes batch after batch until it is killed, and tells on stdout which ones it was told are safe. */
import { silentLogger } from '@faultline/runtime';
import { storeConfig } from './config.ts';
import { createStore } from './store.ts';
import { crashBatch } from './testing/rows.ts';

const config = storeConfig.parse({ folder: process.argv[2] });
const { value: store } = await createStore(config, { logger: silentLogger, clock: Date.now }).start();
for (let number = 0; ; number++) {
  await store.insert([crashBatch(number, Number(process.argv[3]))]);
  process.stdout.write(`${number}\n`);
}
