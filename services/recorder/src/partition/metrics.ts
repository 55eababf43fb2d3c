/** The recorder's own metrics, through the global meter: nothing is measured until the process sets one up. */
import { metrics } from '@opentelemetry/api';

export interface RecorderMetrics {
  /** A checkpoint was recorded: how many items it held, how long that took, and how old its oldest record was when it was done. */
  recorded(checkpoint: { readonly items: number; readonly durationMs: number; readonly lagMs: number | null }): void;
  /** Spans and lines in open traces of this process. */
  pending(items: number): void;
  deadLetters(count: number): void;
  storeUnavailable(): void;
}

export function createRecorderMetrics(): RecorderMetrics {
  const meter = metrics.getMeter('faultline');
  const items = meter.createCounter('faultline.recorder.items', {
    description: 'Items recorded or dropped as repeats',
  });
  const duration = meter.createHistogram('faultline.recorder.cut.duration', { unit: 'ms' });
  const lag = meter.createHistogram('faultline.recorder.lag', {
    unit: 'ms',
    description: 'From the log taking a record to its rows being stored',
  });
  const pending = meter.createGauge('faultline.recorder.pending', {
    description: 'Spans and log lines in traces that have not settled',
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
