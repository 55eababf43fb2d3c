/**
 * `npm run bench -- soak [--minutes N] [--load SPANS_PER_SECOND]`: memory of a complete Faultline over time, in a system of 300
 * services, with spans, an alert each 20 s and a console that reads. Prints a line of JSON each 10 s and one at the end. Ends with 1 when the
 * last third of the time needs 5 % more memory than the second.
 */
import { rmSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { anyPort } from '../client/any-port.ts';
import { startSpans } from '../load/spans.ts';
import { fillFolder, scopeName, system } from '../load/under-load.ts';
import { type SoakedFaultline, startSoaked } from '../soak/faultline.ts';
import { judgeRest } from '../soak/judge.ts';
import type { MemorySample } from '../soak/sample.ts';
import { startUsers } from '../soak/users.ts';

const sampleEveryMs = 10_000;
/** Enough for evidence to have a baseline from the beginning. */
const filled = { filledMs: 20 * 60_000, farPastMs: 0 };

export async function run(): Promise<Record<string, unknown>> {
  const { minutes, load } = parseArgs({
    args: process.argv.slice(3),
    options: { minutes: { type: 'string', default: '30' }, load: { type: 'string', default: '2000' } },
  }).values;
  const { folder, folders } = await fillFolder(filled);
  const config = { ...anyPort, ...folders, log: { level: 'error' } };
  const faultline = await startSoaked({ storeFolder: folders.store.folder, config });
  const url = `${faultline.otlp}/v1/traces`;
  const spans = startSpans({ url, tenant: scopeName, shape: system, spansPerSecond: Number(load) });
  const { http } = faultline;
  const users = startUsers({ http, tenant: scopeName, services: system.services, fail: spans.break });
  try {
    const samples = await sampleFor(faultline, Number(minutes) * 60_000);
    const rest = judgeRest(samples);
    const { accepted, refused } = await spans.count();
    const spansPerSecond = Math.round(accepted / (Number(minutes) * 60));
    const line = { ...rest, spansPerSecond, refused, failures: users.failures(), ...machine() };
    console.log(JSON.stringify(line));
    if (!rest.isFlat) process.exitCode = 1;
    return line;
  } finally {
    users.stop();
    spans.stop();
    await faultline.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function sampleFor(faultline: SoakedFaultline, durationMs: number): Promise<readonly MemorySample[]> {
  const samples: MemorySample[] = [];
  const beganAt = performance.now();
  const elapsedMs = () => performance.now() - beganAt;
  while (elapsedMs() < durationMs) {
    await delay(sampleEveryMs);
    const sample = await faultline.sample(elapsedMs() / 1000);
    console.log(JSON.stringify(sample));
    samples.push(sample);
  }
  return samples;
}

const machine = () => ({ loadAverage: loadavg(), processors: availableParallelism() });

if (import.meta.main) await run();
