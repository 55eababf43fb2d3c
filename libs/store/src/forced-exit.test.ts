import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const source = (path: string) => JSON.stringify(join(import.meta.dirname, path));

/** A process whose embedded engine is busy with queries that take minutes. `onceUp` runs beside them. */
const busyMain = (onceUp: string, stop: string) => `
  import { runMain, silentLogger } from ${source('../../runtime/src/index.ts')};
  import { openEmbedded } from ${source('embedded.ts')};
  const query = 'SELECT sum(sipHash64(number)) FROM numbers(1e11) SETTINGS max_threads = 2';
  await runMain({ logger: silentLogger, start: async () => {
    const connect = await openEmbedded(process.argv[1]);
    for (let client = 0; client < 4; client++) connect().query({ query }).catch(() => undefined);
    setTimeout(() => { console.log('up'); ${onceUp} }, 200);
    return { value: 0, stop: async () => { ${stop} } };
  } });`;

interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

async function endingOf({ onceUp = '', stop = '', signals = 0 }): Promise<Ending> {
  const folder = await mkdtemp(join(tmpdir(), 'faultline-exit-'));
  const child = spawn(process.execPath, ['--input-type=module', '-e', busyMain(onceUp, stop), folder], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  child.stdout.on('data', () => {
    // The first line starts the stop; the line that `stop` writes asks for the second signal.
    if (signals-- > 0) child.kill('SIGTERM');
  });
  const deadline = setTimeout(() => child.kill('SIGKILL'), 90_000);
  const ending = await new Promise<Ending>((resolve) => child.on('close', (code, signal) => resolve({ code, signal })));
  clearTimeout(deadline);
  await rm(folder, { recursive: true });
  return ending;
}

const embeddedOnly = it.runIf(process.env['FAULTLINE_TEST_CLICKHOUSE_URL'] === undefined);

embeddedOnly.each([
  ['a second signal', { signals: 2, stop: `console.log('stopping'); await new Promise(() => {});` }, 130],
  ['an uncaught error', { onceUp: `throw new Error('bug');` }, 70],
  ['a stop that fails', { signals: 1, stop: `throw new Error('no');` }, 1],
])(
  '%s ends the process beside a busy engine without a crash',
  async (_name, ways, code) => {
    expect(await endingOf(ways)).toEqual({ code, signal: null });
  },
  120_000,
);
