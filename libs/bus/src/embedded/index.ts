import type { Component, Started } from '@faultline/runtime';
import { assembleBus } from './assemble.ts';
import type { EmbeddedBus } from './bus.ts';
import { hostInWorker, hostLocally } from './engine-host.ts';
import { engineTopics } from './engine-topics.ts';
import { diskFiles, memoryFiles, memoryFolder } from './files.ts';
import { lockFolder } from './folder-lock.ts';
import { MainFile } from './main-file.ts';
import { defaultTelemetryMaxBytes, defaultTuning, type EmbeddedBusOptions } from './options.ts';
import type { EngineOptions, MainEngine, TelemetryEngine } from './protocol.ts';
import { TelemetryFiles } from './telemetry-files.ts';

export type { EmbeddedBus } from './bus.ts';
export type { EmbeddedBusOptions, EmbeddedTuning } from './options.ts';

/**
 * Creates the embedded log. `start` rejects with BUS_FOLDER_LOCKED, BUS_NO_PERMISSION, BUS_DISK_FULL,
 * BUS_FOLDER_UNUSABLE, BUS_CORRUPT or BUS_PARTITIONS_CHANGED.
 */
export function createEmbeddedBus(options: EmbeddedBusOptions): Component<EmbeddedBus> {
  return { start: () => (options.folder === memoryFolder ? startInMemory(options) : startOnDisk(options)) };
}

/** The options of the writing threads. */
export function engineOptions({ folder, partitions, telemetryMaxBytes, tuning }: EmbeddedBusOptions): EngineOptions {
  const { segmentMs, segmentMaxBytes } = { ...defaultTuning, ...tuning };
  // A topic spans several files, so that dropping the oldest file makes room.
  const most = Math.ceil((telemetryMaxBytes ?? defaultTelemetryMaxBytes) / 8);
  return {
    folder,
    topics: engineTopics(partitions),
    partitions,
    segmentMs,
    segmentMaxBytes: Math.min(segmentMaxBytes, most),
  };
}

async function startInMemory(options: EmbeddedBusOptions): Promise<Started<EmbeddedBus>> {
  const files = memoryFiles();
  const settings = engineOptions(options);
  const main = hostLocally<MainEngine>(new MainFile(files, settings));
  const telemetry = hostLocally<TelemetryEngine>(new TelemetryFiles(files, settings));
  return assembleBus(options, { main, telemetry, files, release: () => {} });
}

async function startOnDisk(options: EmbeddedBusOptions): Promise<Started<EmbeddedBus>> {
  const release = lockFolder(options.folder);
  const settings = engineOptions(options);
  const engines = {
    main: hostInWorker<MainEngine>('main', settings),
    telemetry: hostInWorker<TelemetryEngine>('telemetry', settings),
    files: diskFiles(options.folder),
    release,
  };
  try {
    return await assembleBus(options, engines);
  } catch (error) {
    await Promise.all([engines.main.stop(), engines.telemetry.stop()]);
    release();
    throw error;
  }
}
