/** What spans tell of a lane's rounds and of its questions. */
import type { LogRecord } from '@faultline/bus';
import { consumerGroups, type EvidenceQuery, type EvidenceResult } from '@faultline/model';
import { processing, type Span, type SpanBegin, type TraceHeaders } from '@faultline/runtime';

export interface RoundCauses {
  readonly partition: number;
  readonly records: readonly Pick<LogRecord, 'topic' | 'headers'>[];
  /** Of the questions that were answered. */
  readonly answers: readonly TraceHeaders[];
  /** Of the rounds that asked to be woken. */
  readonly wakes: readonly TraceHeaders[];
}

/**
 * Records and answers carry their trace on. What time alone brings about begins one, linked to what asked for it: an incident lives for hours, and
 * a trace that long could not be read.
 */
export function roundSpan({ partition, records, answers, wakes: links }: RoundCauses): SpanBegin {
  if (records.length === 0) return { name: answers.length > 0 ? 'take evidence' : 'tick', causes: answers, links };
  const batch = processing(records, { group: consumerGroups.correlator, partition });
  return { ...batch, causes: [...(batch.causes ?? []), ...answers], links };
}

/** One question, from its turn to its answer. */
export function questionSpan(question: EvidenceQuery, askedBy: TraceHeaders): SpanBegin {
  return {
    name: 'ask evidence',
    attributes: { 'faultline.incident.id': question.incidentId, 'faultline.question.id': question.id },
    causes: [askedBy],
  };
}

/** What the answer lacks says why a page is poor. */
export function tellAnswered(span: Span, { settled, missing }: EvidenceResult): void {
  span.set({
    'faultline.evidence.settled': settled,
    'faultline.evidence.missing': missing.map(({ part, code }) => `${part}: ${code}`),
  });
}
