import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { randomFrom } from './testing/traces.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recorder-kill-'));
});
afterEach(() => rm(folder, { recursive: true }));

function start(mode: 'record' | 'finish') {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'testing/kill-child.ts'), mode, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child.stdout.setEncoding('utf8');
  return child;
}

/** Real processes, files and time, since only a real SIGKILL tests this. */
it('killed at random moments, the recorder records every span once', async () => {
  const random = randomFrom(3);
  const killUntil = performance.now() + 15_000;
  let kills = 0;
  for (; performance.now() < killUntil; kills++) {
    const child = start('record');
    await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
    await pause(random() * 1_500);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(child.exitCode).toBeNull();
  }
  const last = start('finish');
  let text = '';
  last.stdout.on('data', (chunk: string) => {
    text += chunk;
  });
  await once(last, 'close');
  const held = JSON.parse(text) as Record<string, number>;
  const { sent = 0, items = 0, served = 0, pairs = 0 } = held;
  expect(kills).toBeGreaterThan(2);
  expect(pairs).toBeGreaterThan(100);
  expect(held).toEqual({
    sent,
    items,
    served,
    pairs,
    recorded: sent,
    duplicates: items - sent,
    calls: sent,
    settledCalls: sent,
    selfTimes: served,
    edgeCalls: pairs,
    childCalls: pairs,
  });
}, 60_000);
