import type { DatabaseSync } from 'node:sqlite';
import type { TopicName } from '@faultline/model';
import { Health } from '@faultline/runtime';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readAll, record, textOf } from '../../contract/harness.ts';
import { assembleBus } from './assemble.ts';
import type { EmbeddedBus } from './bus.ts';
import { hostLocally } from './engine-host.ts';
import { type Files, memoryFiles } from './files.ts';
import { engineOptions } from './index.ts';
import { MainFile } from './main-file.ts';
import { mainFileName } from './names.ts';
import type { MainEngine, TelemetryEngine } from './protocol.ts';
import { TelemetryFiles } from './telemetry-files.ts';
import { scriptedClock, testOptions } from './testing.ts';

let mainFile: DatabaseSync;
let stop: () => Promise<void>;
let bus: EmbeddedBus;
let health: Health;
let loseResponses = false;

/** Files in memory whose main file can become full. */
function watchedFiles(): Files {
  const files = memoryFiles();
  return {
    ...files,
    openWriter: (name, tuning) => {
      const database = files.openWriter(name, tuning);
      if (name === mainFileName) mainFile = database;
      return database;
    },
  };
}

beforeEach(async () => {
  const files = watchedFiles();
  health = new Health();
  const options = { ...testOptions(':memory:', scriptedClock(1_000)), health };
  const main = hostLocally<MainEngine>(forgetful(new MainFile(files, engineOptions(options))));
  const telemetry = hostLocally<TelemetryEngine>(new TelemetryFiles(files, engineOptions(options)));
  const started = await assembleBus(options, { main, telemetry, files, release: () => {} });
  stop = started.stop;
  bus = started.value;
});
afterEach(() => stop());

/** A main file that writes and then does not respond, as when its thread dies. */
function forgetful(main: MainFile): MainEngine {
  return {
    open: () => main.open(),
    compact: (slice) => main.compact(slice),
    expire: (slice) => main.expire(slice),
    ping: (nowMs) => main.ping(nowMs),
    close: () => main.close(),
    write: (write) => {
      const written = main.write(write);
      if (loseResponses) throw new Error('the response was lost');
      return written;
    },
  };
}

/** SQLite's own size limit raises the same error as a full disk. */
const fill = () => mainFile.exec('PRAGMA max_page_count = 1');
const makeRoom = () => mainFile.exec('PRAGMA max_page_count = 1000000');
const large = (topic: TopicName) => ({ topic, key: 'k', value: new Uint8Array(100_000) });

test('a full disk refuses records for now; when there is room again publishing works, and nothing refused was written', async () => {
  await bus.publish([record('alerts', 'k', 'before')]);
  fill();
  await expect(bus.publish([record('alerts', 'k', 'lost'), large('alerts')])).rejects.toMatchObject({
    code: 'BUS_UNAVAILABLE',
    kind: 'transient',
  });
  expect(health.report().parts['bus-disk']).toMatchObject({ ok: false });
  makeRoom();
  await bus.publish([record('alerts', 'k', 'after')]);
  const found = await readAll(bus, 'alerts');
  expect(found.map(textOf)).toEqual(['before', 'after']);
  expect(found.map(({ offset }) => offset)).toEqual([0n, 1n]);
  await bus.ping();
});

test('a publish over several files writes to none of them when one refuses', async () => {
  await bus.publish([record('spans', 'k', 'before'), record('ledger', 'k', 'before')]);
  fill();
  const both = bus.publish([record('spans', 'k', 'lost'), record('logs', 'k', 'lost'), large('ledger')]);
  await expect(both).rejects.toMatchObject({ code: 'BUS_UNAVAILABLE' });
  // Telemetry alone does not need the main file.
  await bus.publish([record('spans', 'k', 'between')]);
  makeRoom();
  await bus.publish([record('spans', 'k', 'after'), record('ledger', 'k', 'after')]);
  await bus.publish([record('logs', 'k', 'after')]);
  expect((await readAll(bus, 'spans')).map(textOf)).toEqual(['before', 'between', 'after']);
  expect((await readAll(bus, 'logs')).map(textOf)).toEqual(['after']);
  expect((await readAll(bus, 'ledger')).map(textOf)).toEqual(['before', 'after']);
});

test('a confirmation whose response was lost counts: the files stay consistent', async () => {
  loseResponses = true;
  const both = bus.publish([record('spans', 'k', 'maybe'), record('ledger', 'k', 'maybe')]);
  await expect(both).rejects.toMatchObject({ code: 'BUS_UNAVAILABLE' });
  loseResponses = false;
  await bus.publish([record('spans', 'k', 'after'), record('ledger', 'k', 'after')]);
  expect((await readAll(bus, 'spans')).map(textOf)).toEqual(['maybe', 'after']);
  expect((await readAll(bus, 'ledger')).map(textOf)).toEqual(['maybe', 'after']);
});
