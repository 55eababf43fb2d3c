/**
 * The process that durability.test.ts kills. It publishes without end to the folder given and prints the number of each
 * call once it is acknowledged. Every call writes an alert, and a block of spans together with a ledger record.
 */
import { writeSync } from 'node:fs';
import { systemClock } from '@faultline/runtime';
import { createEmbeddedBus } from './index.ts';
import { testOptions } from './testing.ts';

const [folder = '', first = '0'] = process.argv.slice(2);
const { value: bus } = await createEmbeddedBus(testOptions(folder, systemClock)).start();
writeSync(1, 'open\n');

let call = Number(first);
async function publishForEver(): Promise<never> {
  for (;;) {
    const number = call;
    call += 1;
    const value = new TextEncoder().encode(String(number));
    await Promise.all([
      bus.publish([{ topic: 'alerts', key: `a${number}`, value }]),
      bus.publish([
        { topic: 'spans', key: `s${number}`, value, headers: { padding: 'x'.repeat(number % 5_000) } },
        { topic: 'ledger', key: `l${number}`, value },
      ]),
    ]);
    writeSync(1, `${number}\n`);
  }
}
await Promise.all(Array.from({ length: 6 }, publishForEver));
