import type { SpanBegin, TraceHeaders } from './tracer.ts';

/** A record of the log, as much of it as a span tells. */
export interface TracedRecord {
  readonly topic: string;
  readonly headers: TraceHeaders;
}

export interface Consumer {
  readonly group: string;
  readonly partition: number;
}

/** The span of a batch of records: one of the records' own trace, or one that links to those of many. */
export function processing(records: readonly TracedRecord[], { group, partition }: Consumer): SpanBegin {
  const topics = [...new Set(records.map(({ topic }) => topic))].sort();
  const [only] = topics.length === 1 ? topics : [];
  return {
    name: `process ${topics.join(',')}`,
    kind: 'consumer',
    attributes: {
      // The log by its port: which adapter is behind it does not matter here.
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
