import { metrics } from '@opentelemetry/api';

export interface KafkaMetrics {
  /** Messages whose records are in the log. */
  read(name: string, messages: number): void;
  /** Messages that the group has not handled yet. */
  lag(name: string, messages: number): void;
}

export function createKafkaMetrics(): KafkaMetrics {
  const meter = metrics.getMeter('faultline');
  const read = meter.createCounter('faultline.ingest.kafka.messages', { description: 'Messages read from a topic' });
  const lag = meter.createGauge('faultline.ingest.kafka.lag', {
    description: 'Messages of a topic that its group has not handled yet',
  });
  return {
    read: (reader, messages) => read.add(messages, { reader }),
    lag: (reader, messages) => lag.record(messages, { reader }),
  };
}
