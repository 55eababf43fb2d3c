/** Ingest's own metrics, through the global meter: nothing is measured until the process sets one up. */

import type { Signal } from '@faultline/model';
import { metrics } from '@opentelemetry/api';
import type { Submission } from './publisher.ts';
import type { Problem } from './source.ts';

export interface IngestMetrics {
  /** A request was answered, whatever the answer. */
  answered(source: string, durationMs: number): void;
  published(source: string, durationMs: number, submission: Submission): void;
  refused(source: string, signal: Signal, problems: readonly Problem[], count: number): void;
  /** Parts of a body that were accepted and are not used, each with a reason in the log. */
  unused(source: string, count: number): void;
  deadLetterDropped(source: string, items: number): void;
  /** Alerts without a severity, and with a word that is not known. */
  severityUnread(source: string, counts: { readonly missing: number; readonly unknown: number }): void;
}

export function createIngestMetrics(): IngestMetrics {
  const meter = metrics.getMeter('faultline');
  const accepted = meter.createCounter('faultline.ingest.items', { description: 'Items taken' });
  const refused = meter.createCounter('faultline.ingest.refused', { description: 'Items refused, by reason' });
  const dropped = meter.createCounter('faultline.ingest.dead_letters_dropped', {
    description: 'Refused items not kept: over the budget of their source',
  });
  const unused = meter.createCounter('faultline.ingest.unused', {
    description: 'Parts of bodies that were taken and are not used; the log says why',
  });
  const severity = meter.createCounter('faultline.ingest.severity_unread', {
    description: 'Alerts taken for errors: their severity is missing, or its word is not known',
  });
  const request = meter.createHistogram('faultline.ingest.request.duration', { unit: 'ms' });
  const publish = meter.createHistogram('faultline.ingest.publish.duration', { unit: 'ms' });
  return {
    answered: (source, durationMs) => request.record(durationMs, { source }),
    published: (source, durationMs, submission) => {
      publish.record(durationMs, { source });
      for (const count of submission.counts)
        accepted.add(count.accepted - count.deadLettered, { source, signal: count.signal });
    },
    refused: (source, signal, problems, count) => {
      // Problems are kept for the first items only; what is beyond them counts under the first reason.
      const [first] = problems;
      if (first !== undefined && count > problems.length)
        refused.add(count - problems.length, { source, signal, reason: first.code });
      for (const problem of problems) refused.add(1, { source, signal, reason: problem.code });
    },
    unused: (source, count) => unused.add(count, { source }),
    deadLetterDropped: (source, items) => dropped.add(items, { source }),
    severityUnread: (source, { missing, unknown }) => {
      if (missing > 0) severity.add(missing, { source, reason: 'missing' });
      if (unknown > 0) severity.add(unknown, { source, reason: 'unknown' });
    },
  };
}
