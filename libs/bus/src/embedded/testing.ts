import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, type Started, silentLogger } from '@faultline/runtime';
import type { BusUnderTest } from '../../contract/index.ts';
import { createEmbeddedBus, type EmbeddedBus, type EmbeddedBusOptions } from './index.ts';

/** A clock that tests move. */
export function scriptedClock(startMs: number): Clock & { advance(ms: number): void } {
  let nowMs = startMs;
  return Object.assign(() => nowMs, {
    advance: (ms: number) => {
      nowMs += ms;
    },
  });
}

/** A folder that only this test uses. */
export const temporaryFolder = (): string => mkdtempSync(join(tmpdir(), 'faultline-bus-'));

/** Options with few partitions and a short backoff. */
export function testOptions(folder: string, clock: Clock): EmbeddedBusOptions {
  const groups = { backoff: { baseMs: 1, maxMs: 5 }, maxPermanentFailures: 5, handoverMs: 5_000 };
  const partitions = { scope: 4, telemetry: 2 };
  return { folder, partitions, maxRecordBytes: 200_000, logger: silentLogger, clock, tuning: { groups } };
}

/** An embedded log for the contract suite. The folder is removed at the end. */
export async function embeddedUnderTest(folder: string): Promise<BusUnderTest> {
  const clock = scriptedClock(1_700_000_000_000);
  const start = () => createEmbeddedBus(testOptions(folder, clock)).start();
  let started: Started<EmbeddedBus> = await start();
  return {
    bus: started.value,
    restart: async () => {
      await started.stop();
      started = await start();
      return started.value;
    },
    maintainAfter: (ms) => {
      clock.advance(ms);
      return started.value.maintain();
    },
    close: async () => {
      await started.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
