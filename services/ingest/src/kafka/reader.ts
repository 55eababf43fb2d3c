/** Which source and route read the messages of a topic. Pure. */
import type { IngestConfig } from '../config.ts';
import { type KafkaTopicConfig, otlpSignals } from '../kafka-config.ts';
import type { Route, Source } from '../source.ts';
import { sourcesOf } from '../sources/index.ts';
import { otlp, otlpRoutes } from '../sources/otlp/index.ts';

/** What handles a message as if it were the body of a request. */
export interface MessageReader {
  readonly source: Source;
  readonly route: Route;
  readonly contentType: string;
}

/** Null when there is no such source. */
export function messageReaderOf(topic: KafkaTopicConfig, config: Pick<IngestConfig, 'mappings'>): MessageReader | null {
  if (topic.signal !== null) {
    const contentType = topic.encoding === 'otlp_proto' ? 'application/x-protobuf' : 'application/json';
    return { source: otlp, route: otlpRoutes[otlpSignals[topic.signal]], contentType };
  }
  const source = sourcesOf(config).find(({ name }) => name === topic.source);
  const route = source?.routes[0];
  return source === undefined || route === undefined ? null : { source, route, contentType: 'application/json' };
}
