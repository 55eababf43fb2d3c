import type { SpanBegin, TraceHeaders } from './tracer.ts';

/** The parts of a log record that a span describes. */
export interface TracedRecord {
  readonly topic: string;
  readonly headers: TraceHeaders;
}

export interface Consumer {
  readonly group: string;
  readonly partition: number;
}

/** The span of a batch of records. It continues the records' trace, or links to their traces when there are several. */
export function processing(records: readonly TracedRecord[], { group, partition }: Consumer): SpanBegin {
  const topics = [...new Set(records.map(({ topic }) => topic))].sort();
  const [only] = topics.length === 1 ? topics : [];
  return {
    name: `process ${topics.join(',')}`,
    kind: 'consumer',
    attributes: {
      // The port, not the adapter behind it.
      'messaging.system': 'faultline',
      'messaging.operation.type': 'process',
      'messaging.operation.name': 'process',
      ...(only === undefined ? {} : { 'messaging.destination.name': only }),
      'messaging.destination.partition.id': String(partition),
      'messaging.consumer.group.name': group,
      'messaging.batch.message_count': records.length,
    },
    causes: records.map(({ headers }) => headers),
  };
}
