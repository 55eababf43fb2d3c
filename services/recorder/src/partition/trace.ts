import { processing, type TraceHeaders } from '@faultline/runtime';
import type { LoopParts } from './parts.ts';

/**
 * Work on records within a span. Without records there is none: a checkpoint that only closes traces would be traced also for Faultline's own, whose spans
 * lead to another such checkpoint, and so on for ever.
 */
export function tracedWork<Value>(
  { tracer }: Pick<LoopParts, 'tracer'>,
  batch: {
    readonly records: readonly { readonly topic: string; readonly headers: TraceHeaders }[];
    readonly group: string;
    readonly partition: number;
  },
  work: () => Promise<Value>,
): Promise<Value> {
  if (batch.records.length === 0) return work();
  return tracer.run(() => processing(batch.records, batch), work);
}
