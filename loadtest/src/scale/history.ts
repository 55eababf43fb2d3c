/**
 * Creates a data folder like one after months of storms: alerts that are long over, and alerts that are still open. The
 * real correlator and notifier write it, with a fast clock. Of the finished storms only the first is real; the others
 * are copies. The recorder's offsets are only moved.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Bus, busConfig, createEmbeddedBus, type EmbeddedBus } from '@faultline/bus';
import { correlatorConfig, createCorrelator } from '@faultline/correlator';
import { consumerGroups, type TopicName } from '@faultline/model';
import { type Channel, createNotifier, notifierConfig } from '@faultline/notifier';
import { Health, type Started, silentLogger } from '@faultline/runtime';
import type { EvidenceReader } from '@faultline/store';
import { graphRecord, layoutOf } from './alerts.ts';
import { endsOf, writeCopy, writtenSince } from './copies.ts';
import { emptyStore, untilCommitted } from './harness.ts';
import { Mix } from './mix.ts';
import { type WatchedBus, watchBus } from './watched-bus.ts';

export interface HistoryOptions {
  readonly folder: string;
  readonly open: number;
  readonly closed: number;
  readonly scopes: number;
}

const minute = 60_000;
const hour = 60 * minute;
const pollMs = 5;
/** Alerts of one storm over all scopes. */
const stormAlerts = 10_000;
const chunk = 5000;
/** Large, to be faster. Only the number of commits differs. */
const batchRecords = 2000;
/** First the evidence schedule. Then the hold, the check for recovery, and the time in which an incident may reopen. */
const whileFiring = [2, 3, 10, 15, 30, 60, 300, 300].map((seconds) => seconds * 1000);
const whenOver = [5, 11, 2, 2, 61, 61].map((minutes) => minutes * minute);
/** Age of the open alerts in the end. */
const agedMs = 3 * hour;
const agingSteps = 20;
/** No compaction: the caller decides how much to compact. */
const never = 1_000_000_000;

/** Returns false when the folder is already filled. Its log may have been compacted since. */
export async function fillHistory(options: HistoryOptions): Promise<boolean> {
  if (isFilled(options)) return false;
  rmSync(options.folder, { recursive: true, force: true });
  const time = { nowMs: Date.now() - 3 * hour - agedMs };
  const clock = () => time.nowMs;
  const bus = await openBus(options.folder, clock);
  const watched = watchBus(bus.value);
  const stops = await startServices(watched.bus, clock);
  await new Fill(watched, time, options).run();
  for (const { stop } of stops.reverse()) await stop();
  await skipHistory(bus.value);
  await bus.stop();
  writeFileSync(markOf(options.folder), JSON.stringify(partsOf(options)));
  return true;
}

/** Compacts the log completely, as it does while it runs. */
export async function cleanHistory(folder: string): Promise<void> {
  const bus = await openBus(folder, Date.now);
  await bus.value.maintain();
  await bus.stop();
}

function openBus(folder: string, clock: () => number): Promise<Started<EmbeddedBus>> {
  const { partitions, maxRecordBytes } = busConfig.parse({});
  const counts = { ...partitions, telemetry: 1 };
  const options = { folder: join(folder, 'log'), partitions: counts, maxRecordBytes, logger: silentLogger, clock };
  return createEmbeddedBus({ ...options, tuning: { intervalMs: never } }).start();
}

async function startServices(bus: Bus, clock: () => number): Promise<Started<unknown>[]> {
  const shared = { bus, clock, logger: silentLogger, health: new Health() };
  const notifier = await createNotifier({
    ...shared,
    config: notifierConfig.parse({}),
    channels: [pager],
    httpUrl: () => 'http://127.0.0.1:8080',
  }).start();
  const config = correlatorConfig.parse({
    idlePollMs: pollMs,
    busyPollMs: pollMs,
    batchRecords,
    maxOpenedPerMinute: 0,
  });
  const correlator = await createCorrelator({ ...shared, store: unreachable, config }).start();
  return [notifier, correlator];
}

/**
 * Without evidence an incident resolves a quarter of an hour after its alerts. With empty windows it would wait for
 * hours.
 */
const unreachable: EvidenceReader = {
  answerEvidence: async (question) => ({
    ...(await emptyStore.answerEvidence(question)),
    missing: [{ part: 'store', code: 'unreachable', detail: '' }],
  }),
};

/** Accepts every page at once. It has the name of the restarted process's webhook. */
const pager: Channel = {
  name: 'pager',
  target: 'pager',
  capabilities: {
    repeats: 'idempotent',
    updates: 'in-place',
    canThread: false,
    canNotifyAgain: true,
    hasActions: false,
  },
  rate: { spacingMs: 0, editSpacingMs: 0 },
  levels: ['page'],
  send: async ({ messageId, idempotencyKey }) => ({ messageId: messageId || idempotencyKey, threadId: '' }),
};

/** Fills the folder step by step. */
class Fill {
  readonly #watched: WatchedBus;
  readonly #time: { nowMs: number };
  readonly #options: HistoryOptions;
  readonly #mix: Mix;

  constructor(watched: WatchedBus, time: { nowMs: number }, options: HistoryOptions) {
    this.#watched = watched;
    this.#time = time;
    this.#options = options;
    this.#mix = new Mix(layoutOf(options.scopes));
  }

  async run(): Promise<void> {
    const { open, closed, scopes } = this.#options;
    const { bus } = this.#watched;
    const graphs = Array.from({ length: scopes }, (_, index) => graphRecord(layoutOf(scopes), index, this.#time.nowMs));
    await bus.publish(graphs);
    await this.#watched.untilIdle();
    const before = await endsOf(bus);
    await this.#storm(Math.min(stormAlerts, closed));
    const storm = await writtenSince(bus, before);
    for (let n = 1; n < closed / stormAlerts; n += 1) await writeCopy(bus, storm, n);
    await this.#fire(open);
    await this.#pass(whileFiring);
    const leftMs = Date.now() - this.#time.nowMs;
    await this.#pass(Array.from({ length: agingSteps }, () => Math.floor(leftMs / agingSteps)));
  }

  /** From the first alert until all its state has expired. */
  async #storm(alerts: number): Promise<void> {
    await this.#fire(alerts);
    await this.#pass(whileFiring);
    while (this.#mix.openCount > 0) await this.#publish(this.#mix.end(chunk, this.#time.nowMs));
    await this.#pass(whenOver);
  }

  /** A thousand per second. */
  async #fire(alerts: number): Promise<void> {
    for (let done = 0; done < alerts; done += chunk) {
      await this.#publish(this.#mix.fill(Math.min(chunk, alerts - done), this.#time.nowMs));
      this.#time.nowMs += chunk;
    }
  }

  async #publish(records: ReturnType<Mix['fill']>): Promise<void> {
    await this.#watched.bus.publish(records);
    await untilCommitted(this.#watched.bus);
  }

  /** Advances the clock, and after each step waits until all due work is done. */
  async #pass(stepsMs: readonly number[]): Promise<void> {
    for (const stepMs of stepsMs) {
      this.#time.nowMs += stepMs;
      await this.#watched.untilIdle();
    }
  }
}

/** Moves the recorder's offsets to the end: it keeps up in real life, so it is no part of a restart. */
async function skipHistory(bus: EmbeddedBus): Promise<void> {
  const topics: TopicName[] = ['alerts', 'changes', 'incidents', 'incident-alerts'];
  const assigned = Array.from({ length: bus.partitionCount('alerts') }, () => Promise.withResolvers<void>());
  const subscription = bus.subscribe({
    group: consumerGroups.recorderHistory,
    topics,
    run: async (assignment) => {
      const { partition, signal } = assignment;
      const ends = await Promise.all(
        topics.map(async (topic) => ({ topic, ...(await bus.offsets(topic))[partition] })),
      );
      await assignment.commit({
        records: [],
        positions: ends.map(({ topic, next = 0n }) => ({ topic, partition, offset: next })),
      });
      assigned[partition]?.resolve();
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    },
  });
  await Promise.all(assigned.map(({ promise }) => promise));
  await subscription.stop();
}

const markOf = (folder: string) => join(folder, 'filled.json');
const partsOf = ({ open, closed, scopes }: HistoryOptions) => ({ open, closed, scopes });

function isFilled(options: HistoryOptions): boolean {
  try {
    return readFileSync(markOf(options.folder), 'utf8') === JSON.stringify(partsOf(options));
  } catch {
    return false;
  }
}
