import { createDiskWatch, type Started } from '@faultline/runtime';
import { EmbeddedBus } from './bus.ts';
import { DamageReport } from './damage-report.ts';
import type { HostedEngine } from './engine-host.ts';
import type { Files } from './files.ts';
import { LogWriter } from './log-writer.ts';
import { Maintenance } from './maintenance.ts';
import { defaultTelemetryMaxBytes, defaultTuning, type EmbeddedBusOptions } from './options.ts';
import { Positions } from './positions.ts';
import type { DamagedSegment, MainEngine, TelemetryEngine } from './protocol.ts';
import { Reader } from './reader.ts';
import { Segments } from './segments.ts';
import { Watermarks } from './watermarks.ts';

/** The threads that write the files, and the files for reading. */
export interface Engines {
  readonly main: HostedEngine<MainEngine>;
  readonly telemetry: HostedEngine<TelemetryEngine>;
  /** For reading in this thread. */
  readonly files: Files;
  /** Called last, when the log has stopped. */
  readonly release: () => void;
}

/** Opens the files and assembles the log. */
export async function assembleBus(options: EmbeddedBusOptions, engines: Engines): Promise<Started<EmbeddedBus>> {
  const { clock, logger, partitions, maxRecordBytes, retentionMs = {} } = options;
  const telemetryMaxBytes = options.telemetryMaxBytes ?? defaultTelemetryMaxBytes;
  const tuning = { ...defaultTuning, ...options.tuning };
  const main = engines.main.engine;
  const telemetry = engines.telemetry.engine;

  const mainState = await main.open(null);
  const { confirmedFlush } = mainState;
  const telemetryState = await telemetry.open({ confirmedFlush, nowMs: clock(), positions: mainState.positions });
  const report = new DamageReport({
    folder: options.folder,
    logger,
    health: options.health,
    files: telemetryState.damagedFiles,
  });
  for (const damaged of telemetryState.damaged) report.add(damaged);
  const watermarks = new Watermarks();
  const positions = new Positions(clock());
  const segments = new Segments();
  for (const span of [...mainState.spans, ...telemetryState.spans]) watermarks.set(span);
  for (const position of mainState.positions) positions.put(position);
  for (const segment of telemetryState.segments) segments.put(segment);

  const reader = new Reader(engines.files, watermarks, segments, (segment) => {
    writer.setAside(segment).catch((error: unknown) => {
      logger.error('a damaged segment could not be set aside; its records are skipped', { error: String(error) });
    });
  });
  const onDamaged = (damaged: readonly DamagedSegment[]) => {
    for (const segment of damaged) {
      const { topic, sequence } = segment;
      const range = segments.rangeOf(topic, sequence);
      segments.remove(topic, sequence);
      reader.forget(topic, sequence);
      report.add({ ...segment, ...range });
    }
  };
  const shared = { main, telemetry, watermarks, positions, segments, clock, logger, partitions, reader };
  const disk = createDiskWatch({
    part: 'bus-disk',
    holds: 'the log',
    folder: options.folder,
    logger,
    health: options.health,
  });
  const writer: LogWriter = new LogWriter({
    ...shared,
    ...tuning,
    disk,
    confirmedFlush,
    onDamaged,
    onNewSegment: () => maintenance.kick(),
  });
  const maintenance = new Maintenance({ ...shared, ...tuning, writer, retentionMs, telemetryMaxBytes });
  const bus = new EmbeddedBus({ ...shared, ...tuning, writer, maintenance, maxRecordBytes, telemetryMaxBytes });
  maintenance.start();

  const stop = async () => {
    await bus.close();
    reader.close();
    // A file that cannot be closed cleanly is recovered at the next start. Acknowledged records are already on disk.
    await Promise.allSettled([main.close(null), telemetry.close(null)]);
    await Promise.all([engines.main.stop(), engines.telemetry.stop()]);
    engines.release();
    report.stop();
    disk.stop();
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
