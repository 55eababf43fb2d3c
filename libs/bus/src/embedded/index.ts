import type { TopicName } from '@faultline/model';
import type { Clock, Component, Logger, Started } from '@faultline/runtime';
import { EmbeddedBus } from './bus.ts';
import { type HostedEngine, hostInWorker, hostLocally } from './engine-host.ts';
import { diskFiles, memoryFiles, memoryFolder } from './files.ts';
import { lockFolder } from './folder-lock.ts';
import type { GroupsOptions } from './groups.ts';
import { Horizon } from './horizon.ts';
import { LogWriter } from './log-writer.ts';
import { MainFile } from './main-file.ts';
import { Maintenance, type MaintenanceSettings } from './maintenance.ts';
import { Positions } from './positions.ts';
import type { EngineOptions, MainEngine, PartitionCounts, TelemetryEngine } from './protocol.ts';
import { Reader } from './reader.ts';
import { Segments } from './segments.ts';
import { TelemetryFiles } from './telemetry-files.ts';

export type { EmbeddedBus } from './bus.ts';

export interface EmbeddedBusOptions {
  /** A folder of its own for the log, or `:memory:`. */
  readonly folder: string;
  /** Fixed when the folder is made. */
  readonly partitions: PartitionCounts;
  readonly maxRecordBytes: number;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly retentionMs?: Partial<Readonly<Record<TopicName, number>>>;
  readonly telemetryMaxBytes?: number;
  readonly tuning?: Partial<EmbeddedTuning>;
}

/** What nobody needs to set but tests. */
export interface EmbeddedTuning extends Omit<MaintenanceSettings, 'retentionMs' | 'telemetryMaxBytes'> {
  readonly segmentMs: number;
  readonly segmentMaxBytes: number;
  /** Records waiting to be written hold at most this much memory, for telemetry and for the rest each. */
  readonly maxWaitingBytes: number;
  readonly groups: Omit<GroupsOptions, 'log' | 'logger'>;
}

const mib = 1024 * 1024;
const minute = 60_000;
const defaultTelemetryMaxBytes = 8 * 1024 * mib;

const defaultTuning: EmbeddedTuning = {
  intervalMs: 30_000,
  compactionLagMs: minute,
  tombstoneMs: 60 * minute,
  telemetryKeepAtLeastMs: 2 * minute,
  segmentMs: 10 * minute,
  segmentMaxBytes: 256 * mib,
  maxWaitingBytes: 64 * mib,
  groups: { backoff: { baseMs: 1_000, maxMs: 30_000 }, maxPermanentFailures: 5, handoverMs: 5_000 },
};

/**
 * The embedded log. `start` fails with BUS_FOLDER_LOCKED, BUS_NO_PERMISSION, BUS_DISK_FULL, BUS_FOLDER_UNUSABLE, BUS_CORRUPT or
 * BUS_PARTITIONS_CHANGED, each saying what to do.
 */
export function createEmbeddedBus(options: EmbeddedBusOptions): Component<EmbeddedBus> {
  return { start: () => (options.folder === memoryFolder ? startInMemory(options) : startOnDisk(options)) };
}

interface Engines {
  readonly main: HostedEngine<MainEngine>;
  readonly telemetry: HostedEngine<TelemetryEngine>;
}

function engineOptions({ folder, partitions, telemetryMaxBytes, tuning }: EmbeddedBusOptions): EngineOptions {
  const { segmentMs, segmentMaxBytes } = { ...defaultTuning, ...tuning };
  // Several files within the bound, so that dropping the oldest makes room.
  const most = Math.ceil((telemetryMaxBytes ?? defaultTelemetryMaxBytes) / 8);
  return { folder, partitions, segmentMs, segmentMaxBytes: Math.min(segmentMaxBytes, most) };
}

async function startInMemory(options: EmbeddedBusOptions): Promise<Started<EmbeddedBus>> {
  const files = memoryFiles();
  const main = hostLocally<MainEngine>(new MainFile(files, options.partitions));
  const telemetry = hostLocally<TelemetryEngine>(new TelemetryFiles(files, engineOptions(options)));
  return startOver(options, { main, telemetry }, { files, release: () => {} });
}

async function startOnDisk(options: EmbeddedBusOptions): Promise<Started<EmbeddedBus>> {
  const release = lockFolder(options.folder);
  const settings = engineOptions(options);
  const engines: Engines = { main: hostInWorker('main', settings), telemetry: hostInWorker('telemetry', settings) };
  try {
    return await startOver(options, engines, { files: diskFiles(options.folder), release });
  } catch (error) {
    await Promise.all([engines.main.stop(), engines.telemetry.stop()]);
    release();
    throw error;
  }
}

async function startOver(
  options: EmbeddedBusOptions,
  engines: Engines,
  { files, release }: { files: ReturnType<typeof diskFiles>; release: () => void },
): Promise<Started<EmbeddedBus>> {
  const { clock, logger, partitions, maxRecordBytes, retentionMs = {} } = options;
  const telemetryMaxBytes = options.telemetryMaxBytes ?? defaultTelemetryMaxBytes;
  const tuning = { ...defaultTuning, ...options.tuning };
  const main = engines.main.engine;
  const telemetry = engines.telemetry.engine;

  const mainState = await main.open(null);
  const { confirmedFlush } = mainState;
  const telemetryState = await telemetry.open({ confirmedFlush, nowMs: clock() });
  const horizon = new Horizon();
  const positions = new Positions();
  const segments = new Segments();
  for (const span of [...mainState.spans, ...telemetryState.spans]) horizon.set(span);
  for (const position of mainState.positions) positions.put(position);
  for (const segment of telemetryState.segments) segments.put(segment);

  const reader = new Reader(files, horizon, segments);
  const shared = { main, telemetry, horizon, positions, segments, clock, logger, partitions, reader };
  const writer: LogWriter = new LogWriter({
    ...shared,
    ...tuning,
    confirmedFlush,
    onNewSegment: () => maintenance.kick(),
  });
  const maintenance = new Maintenance({ ...shared, ...tuning, writer, retentionMs, telemetryMaxBytes });
  const bus = new EmbeddedBus({ ...shared, ...tuning, writer, maintenance, maxRecordBytes, telemetryMaxBytes });
  maintenance.start();

  const stop = async () => {
    await bus.close();
    reader.close();
    await Promise.all([main.close(null), telemetry.close(null)]);
    await Promise.all([engines.main.stop(), engines.telemetry.stop()]);
    release();
  };
  let stopping: Promise<void> | undefined;
  return {
    value: bus,
    stop: () => {
      stopping ??= stop();
      return stopping;
    },
  };
}
