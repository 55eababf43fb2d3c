/** The demo on seeds that were not used for development, and on a false alert. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { anyPort } from '../client/any-port.ts';
import { runDemo } from './run.ts';

const demos = [
  ...[9101, 9102, 9103, 9104, 9105].map((seed) => ({ name: `seed ${seed}`, seed, family: null })),
  { name: 'a false alarm', seed: 9106, family: 'false-alert' as const },
];

it.each(demos)('$name: the page is right', { timeout: 300_000 }, async ({ seed, family }) => {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-demo-'));
  const lines: string[] = [];
  try {
    const code = await runDemo({
      seed,
      family,
      exit: true,
      folder,
      // Printed pages would stand between the results of the tests.
      config: { ...anyPort, notifier: { channels: [] } },
      print: (line) => lines.push(line),
    });
    const wrong = lines.filter((line) => line.startsWith('WRONG'));
    expect({ code, wrong }, lines.join('\n')).toEqual({ code: 0, wrong: [] });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
