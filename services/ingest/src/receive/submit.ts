/** From what a source made of a request to records on the log. */
import { createHash } from 'node:crypto';
import type { Bus } from '@faultline/bus';
import type { Alert, Signal } from '@faultline/model';
import type { Clock, Logger } from '@faultline/runtime';
import type { IngestConfig } from '../config.ts';
import type { IngestMetrics } from '../metrics.ts';
import type { Count, Publisher, Submission } from '../publisher.ts';
import { itemCounts, recordSteps } from '../record.ts';
import { knownSeverity, severityWordOf } from '../severity.ts';
import type { Outcome, Problem } from '../source.ts';
import type { Steps } from '../steps.ts';
import { carryTrace } from '../trace.ts';
import type { Call, Received } from './call.ts';
import type { Letters } from './letters.ts';

export interface SubmitOptions {
  readonly bus: Pick<Bus, 'partitionOf' | 'maxRecordBytes'>;
  readonly config: IngestConfig;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: IngestMetrics;
  readonly letters: Letters;
  readonly uniqueId: () => string;
  /** Told after each write whether the log takes records. */
  readonly logTakes: (ok: boolean) => void;
  /** Alerts have a queue of their own: telemetry never delays their answer. */
  readonly publishers: { readonly alert: Publisher; readonly telemetry: Publisher };
}

/** Encodes an outcome; nothing is written yet. */
export function* submissionOf(call: Call, outcome: Outcome, options: SubmitOptions): Steps<Submission> {
  const { source, request } = call;
  const { bus, config } = options;
  const records = yield* recordSteps(outcome.records, {
    source: source.name,
    requestHash: yield* hashSteps(call),
    receivedAtMs: request.receivedAtMs,
    blockBytes: config.blockBytes,
    maxRecordBytes: bus.maxRecordBytes,
    partitionOf: (topic, key) => bus.partitionOf(topic, key),
  });
  const traced = carryTrace(records, call.span);
  const counts = countsOf(source.name, itemCounts(outcome.records));
  const letter = outcome.bad === null ? null : options.letters.ofBadItems(call, outcome.bad);
  if (letter === null) return { records: traced, counts };
  return { records: [...traced, letter.record], counts: [...counts, letter.count] };
}

/** Writes a submission and answers. Rejects as `Publisher.publish` does. */
export async function submit(
  call: Call,
  submission: Submission,
  outcome: Outcome,
  options: SubmitOptions,
): Promise<Received> {
  await publish(call, submission, options);
  report(call, outcome, options);
  return {
    reply: call.route.replyAccepted(outcome, { ...call.request, requestId: options.uniqueId() }),
    problem: null,
    retryAfterMs: null,
  };
}

/** Keeps a body that was refused as a whole. */
export async function keepRefused(call: Call, problem: Problem, options: SubmitOptions): Promise<void> {
  const letter = options.letters.ofBody(call, problem);
  if (letter !== null) await publish(call, { records: [letter.record], counts: [letter.count] }, options);
}

async function publish(call: Call, submission: Submission, options: SubmitOptions): Promise<void> {
  const { clock, publishers, metrics } = options;
  const startedAtMs = clock();
  await (call.publisher ?? publishers[call.route.limit]).publish(submission);
  if (call.publisher === undefined) options.logTakes(true);
  metrics.published(call.source.name, clock() - startedAtMs, submission);
}

function report({ source, route }: Call, { bad, notes, records }: Outcome, { metrics, logger }: SubmitOptions): void {
  if (bad !== null) metrics.refused(source.name, route.signal, bad.problems, bad.count);
  if (notes.length > 0) metrics.unused(source.name, notes.length);
  reportSeverities(source.name, records.alerts ?? [], metrics);
  for (const note of notes) logger.warn('sender noted', { source: source.name, note });
}

/** Alerts that are taken for errors because their sender says nothing that is understood. */
function reportSeverities(source: string, alerts: readonly Alert[], metrics: IngestMetrics): void {
  const unread = alerts.map(({ labels }) => severityWordOf(labels)).filter((word) => knownSeverity(word) === null);
  const missing = unread.filter((word) => word.trim() === '').length;
  metrics.severityUnread(source, { missing, unknown: unread.length - missing });
}

/** What a sender's retry has in common with the first try, and no other request has. */
function* hashSteps({ source, route, request, origin = '' }: Call): Steps<string> {
  const { bytes, tenant } = request;
  const hash = createHash('sha256').update(`${tenant}\n${source.name}\n${route.path}\n${origin}`);
  for (let at = 0; at < bytes.length; at += hashStepBytes) {
    hash.update(bytes.subarray(at, at + hashStepBytes));
    yield;
  }
  return hash.digest('hex').slice(0, 32);
}

/** About a millisecond of work. */
const hashStepBytes = 1024 * 1024;

function countsOf(source: string, items: ReadonlyMap<Signal, number>): Count[] {
  return [...items].map(([signal, accepted]) => ({ source, signal, accepted, deadLettered: 0 }));
}
