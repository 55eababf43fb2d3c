/** The recorder's metrics, through the global meter. Nothing is measured until the process sets a meter provider. */
import { metrics } from '@opentelemetry/api';

export interface RecorderMetrics {
  /**
   * A checkpoint batch was recorded: its number of items, how long that took, and the age of its oldest record at the
   * end.
   */
  recorded(checkpoint: { readonly items: number; readonly durationMs: number; readonly lagMs: number | null }): void;
  /** Spans and log lines in open sessions of this process. */
  pending(items: number): void;
  deadLetters(count: number): void;
  storeUnavailable(): void;
}

export function createRecorderMetrics(): RecorderMetrics {
  const meter = metrics.getMeter('faultline');
  const items = meter.createCounter('faultline.recorder.items', {
    description: 'Items recorded, or dropped as duplicates',
  });
  const duration = meter.createHistogram('faultline.recorder.cut.duration', { unit: 'ms' });
  const lag = meter.createHistogram('faultline.recorder.lag', {
    unit: 'ms',
    description: 'Time from a record entering the log to its rows being stored',
  });
  const pending = meter.createGauge('faultline.recorder.pending', {
    description: 'Spans and log lines in open trace sessions',
  });
  const letters = meter.createCounter('faultline.recorder.dead_letters');
  const unavailable = meter.createCounter('faultline.recorder.store_unavailable');
  return {
    recorded: (checkpoint) => {
      items.add(checkpoint.items);
      duration.record(checkpoint.durationMs);
      if (checkpoint.lagMs !== null) lag.record(checkpoint.lagMs);
    },
    pending: (count) => pending.record(count),
    deadLetters: (count) => letters.add(count),
    storeUnavailable: () => unavailable.add(1),
  };
}

/** Counts points of counters that were dropped, because too many counters are known. `of`: of containers, or of a service mesh. */
export function dropCounter(of: 'usage' | 'mesh'): () => void {
  const dropped = metrics.getMeter('faultline').createCounter('faultline.recorder.counter_points_dropped', {
    description: 'Points of new counters that were dropped, because as many as are remembered are known',
  });
  return () => dropped.add(1, { of });
}
