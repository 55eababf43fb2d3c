/** What the items of each signal need to be encoded. */
import { blockParts, type Log, type MetricPoint, proxiedServiceOf, type Span } from '@faultline/model';
import type { ItemKind } from './encoded-items.ts';

export const spanItems: ItemKind<Span> = {
  parts: blockParts.spans,
  mayNameOther: ({ attributes }) => proxiedServiceOf(attributes) !== null,
};
export const logItems: ItemKind<Log> = { parts: blockParts.logs, mayNameOther: () => false };
/** Whether a point is about somebody else depends on its sender: see `sources/otlp/subjects.ts`. */
export const pointItems: ItemKind<MetricPoint> = { parts: blockParts.metrics, mayNameOther: () => false };
