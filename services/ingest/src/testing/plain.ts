/** Normalised records with their encoded items as objects, for tests to look into. */
import type { Log, MetricPoint, Resource, Span } from '@faultline/model';
import type { AnyItem } from '../encode/encoded-items.ts';
import type { Normalised, Telemetry } from '../source.ts';

export interface PlainTelemetry<Item> {
  readonly resources: readonly Resource[];
  readonly items: readonly Item[];
}

export type PlainRecords = Pick<Normalised, 'alerts' | 'changes' | 'commands'> & {
  readonly spans?: PlainTelemetry<Span>;
  readonly logs?: PlainTelemetry<Log>;
  readonly metrics?: PlainTelemetry<MetricPoint>;
};

export function plainRecords({ spans, logs, metrics, ...rest }: Normalised): PlainRecords {
  return {
    ...rest,
    ...(spans && { spans: plainTelemetry(spans) }),
    ...(logs && { logs: plainTelemetry(logs) }),
    ...(metrics && { metrics: plainTelemetry(metrics) }),
  };
}

function plainTelemetry<Item extends AnyItem>({ resources, items }: Telemetry<Item>): PlainTelemetry<Item> {
  return { resources, items: [...items] };
}
