import { processing, type TraceHeaders } from '@faultline/runtime';
import type { LoopParts } from './parts.ts';

/**
 * Runs work on records inside a span of the tracer. Work without records is not traced. Otherwise Faultline's own spans
 * would cause a checkpoint that closes their traces, which would be traced again, and so on for ever.
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
