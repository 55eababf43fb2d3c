/** `npm run bench -- fuzz [--seconds N] [--seed N]`: changed bodies for every decoder of ingest. Fails on a throw, a hang, or memory that stays. */
import { parseArgs } from 'node:util';
import { fuzz } from '../fuzz/fuzz.ts';

const mostGrownBytes = 16 * 1024 * 1024;

export async function run(): Promise<void> {
  const { values } = parseArgs({
    args: process.argv.slice(3),
    options: {
      seconds: { type: 'string', default: '60' },
      seed: { type: 'string', default: String(Date.now() % 1e9) },
    },
  });
  const seed = Number(values.seed);
  const report = await fuzz({ seconds: Number(values.seconds), seed });
  console.log(JSON.stringify({ seed, ...report }));
  if (report.failures.length > 0 || report.grownBytes > mostGrownBytes) process.exitCode = 1;
}
