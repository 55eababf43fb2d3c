import { metrics } from '@opentelemetry/api';

/** One successful flush. */
export interface Flush {
  readonly file: 'main' | 'telemetry';
  readonly records: number;
  readonly bytes: number;
  readonly durationMs: number;
}

/** The metrics of the embedded log, labelled by kind of file. Call it after the process has set its meter provider. */
export function createBusMetrics(): { flushed(flush: Flush): void } {
  const meter = metrics.getMeter('faultline');
  const records = meter.createCounter('faultline.bus.records', { description: 'Records made durable' });
  const bytes = meter.createCounter('faultline.bus.bytes', { description: 'Bytes of values made durable', unit: 'By' });
  const duration = meter.createHistogram('faultline.bus.flush.duration', {
    description: 'Time a group commit takes, the sync to disk included',
    unit: 'ms',
  });
  return {
    flushed: ({ file, durationMs, ...flush }) => {
      records.add(flush.records, { file });
      bytes.add(flush.bytes, { file });
      duration.record(durationMs, { file });
    },
  };
}

/** Counts damaged segments by topic. */
export function createDamageCounter(): (topic: string) => void {
  const counter = metrics.getMeter('faultline').createCounter('faultline.bus.damaged_segments', {
    description: 'Damaged files of the log that were set aside',
  });
  return (topic) => counter.add(1, { topic });
}
