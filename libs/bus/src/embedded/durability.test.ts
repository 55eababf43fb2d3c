import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { systemClock } from '@faultline/runtime';
import { expect, test } from 'vitest';
import { readAll, textOf } from '../../contract/harness.ts';
import { diskFiles } from './files.ts';
import { createEmbeddedBus } from './index.ts';
import { mainTuning } from './main-file.ts';
import { temporaryFolder, testOptions } from './testing.ts';

const publisher = fileURLToPath(new URL('./crash-publisher.ts', import.meta.url));

/**
 * Runs the publisher until so many calls were acknowledged, kills it with SIGKILL, and returns the acknowledged
 * numbers.
 */
async function publishUntilKilled(
  folder: string,
  { first, calls }: { first: number; calls: number },
): Promise<number[]> {
  const child = spawn(process.execPath, [publisher, folder, String(first)], { stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
    if (printed.split('\n').length > calls) child.kill('SIGKILL');
  });
  await once(child, 'close');
  // The kill may have cut off the last line.
  return printed.split('\n').slice(1, -1).map(Number);
}

async function publishedNumbers(folder: string): Promise<Record<'alerts' | 'spans' | 'ledger', number[]>> {
  const { value: bus, stop } = await createEmbeddedBus(testOptions(folder, systemClock)).start();
  const numbers = async (topic: 'alerts' | 'spans' | 'ledger') =>
    (await readAll(bus, topic)).map((record) => Number(textOf(record))).sort((a, b) => a - b);
  const found = { alerts: await numbers('alerts'), spans: await numbers('spans'), ledger: await numbers('ledger') };
  await stop();
  return found;
}

test('kill -9 loses nothing acknowledged, writes nothing twice, and splits no publish', {
  timeout: 60_000,
}, async () => {
  const folder = temporaryFolder();
  const acknowledged: number[] = [];
  for (const [round, calls] of [3, 150, 40, 400].entries()) {
    acknowledged.push(...(await publishUntilKilled(folder, { first: round * 100_000, calls })));
    const found = await publishedNumbers(folder);
    for (const numbers of Object.values(found)) {
      expect(new Set(numbers).size).toBe(numbers.length);
      expect(acknowledged.filter((number) => !numbers.includes(number))).toEqual([]);
    }
    expect(found.spans).toEqual(found.ledger);
  }
  expect(acknowledged.length).toBeGreaterThan(500);
  rmSync(folder, { recursive: true });
});

test('files are opened with a write-ahead log that is synced at every commit', () => {
  const folder = temporaryFolder();
  const database = diskFiles(folder).openWriter('some.sqlite', mainTuning);
  expect(database.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
  // 2 is FULL.
  expect(database.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 });
  database.close();
  rmSync(folder, { recursive: true });
});
