/** What spans show of a partition's rounds and queries. */
import type { LogRecord } from '@faultline/bus';
import { consumerGroups, type EvidenceQuery, type EvidenceResult } from '@faultline/model';
import { processing, type Span, type SpanBegin, type TraceHeaders } from '@faultline/runtime';

interface RoundCauses {
  readonly partition: number;
  readonly records: readonly Pick<LogRecord, 'topic' | 'headers'>[];
  /** Of the queries whose results arrived. */
  readonly results: readonly TraceHeaders[];
  /** Of the rounds that set the timers. */
  readonly timers: readonly TraceHeaders[];
}

/**
 * Records and results continue their trace. A tick begins a new one, linked to the round that set the timer: an incident lives for hours,
 * and nobody could read a trace that long.
 */
export function roundSpan({ partition, records, results, timers: links }: RoundCauses): SpanBegin {
  if (records.length === 0) return { name: results.length > 0 ? 'take evidence' : 'tick', causes: results, links };
  const batch = processing(records, { group: consumerGroups.correlator, partition });
  return { ...batch, causes: [...(batch.causes ?? []), ...results], links };
}

/** One query, from its turn to its result. */
export function querySpan(query: EvidenceQuery, causeOf: TraceHeaders): SpanBegin {
  return {
    name: 'ask evidence',
    attributes: { 'faultline.incident.id': query.incidentId, 'faultline.query.id': query.id },
    causes: [causeOf],
  };
}

/** What is missing explains a poor page. */
export function recordResult(span: Span, { settled, missing }: EvidenceResult): void {
  span.set({
    'faultline.evidence.settled': settled,
    'faultline.evidence.missing': missing.map(({ part, code }) => `${part}: ${code}`),
  });
}
