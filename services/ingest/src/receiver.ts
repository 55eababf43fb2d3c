/**
 * The shell round the sources: who is it, decompress, decode and normalise, publish, answer. Success is answered only when the log has the
 * records. Nothing a sender sends may throw here; what does is a bug and answers 500.
 */
import { createHash } from 'node:crypto';
import type { Bus } from '@faultline/bus';
import type { Signal } from '@faultline/model';
import { AppError, type Authenticator, type Clock, type Logger, type Span, type Tracer } from '@faultline/runtime';
import { decompressBody, tooLarge } from './body.ts';
import type { IngestConfig } from './config.ts';
import { createDeadLetterBudget, deadLetterRecord } from './dead-letter.ts';
import { decideTenant } from './identity.ts';
import type { IngestMetrics } from './metrics.ts';
import type { Count, Publisher, Submission } from './publisher.ts';
import type { RecentEnvironments } from './recent-environments.ts';
import { itemCounts, recordsOf } from './record.ts';
import type { Outcome, Problem, Reply, Route, Source, SourceContext, SourceRequest } from './source.ts';
import { carryTrace, isOwnTelemetry, requestSpan, tellAnswer } from './trace.ts';

/** A request as it came off the wire. Header names are lower case. */
export interface Incoming {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** The bearer token of its transport, or null. */
  readonly token: string | null;
  /** The full name of the method, when it came by gRPC. */
  readonly rpcMethod?: string;
}

/** The answer, and for transports with manners of their own, what went wrong. */
export interface Received {
  readonly reply: Reply;
  readonly problem: Problem | null;
  /** When the same may be sent again, for an error that passes. */
  readonly retryAfterMs: number | null;
}

export interface Receiver {
  receive(source: Source, route: Route, incoming: Incoming): Promise<Received>;
  /** An answer for what a transport refused before it had a body. */
  refuse(source: Source, route: Route, status: number, problem: Problem, contentType: string): Received;
}

export interface ReceiverOptions {
  readonly bus: Pick<Bus, 'partitionOf' | 'partitionCount' | 'maxRecordBytes'>;
  readonly config: IngestConfig;
  readonly context: Omit<SourceContext, 'uniqueId' | 'environmentOfAlert'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly tracer: Tracer;
  readonly authenticator: Authenticator;
  readonly metrics: IngestMetrics;
  readonly environments: RecentEnvironments;
  /** Told after each write whether the log takes records. */
  readonly logTakes: (ok: boolean) => void;
  readonly uniqueId: () => string;
  /** Alerts have a queue of their own: telemetry never delays their answer. */
  readonly publishers: { readonly alert: Publisher; readonly telemetry: Publisher };
}

interface Call {
  readonly source: Source;
  readonly route: Route;
  readonly request: SourceRequest;
  readonly span: Span;
}

export function createReceiver(options: ReceiverOptions): Receiver {
  const { config, clock, metrics } = options;
  const budget = createDeadLetterBudget(config.deadLetterBytesPerHour);
  let inFlightBytes = 0;

  function receive(source: Source, route: Route, incoming: Incoming): Promise<Received> {
    return options.tracer.run(
      () => requestSpan(source, route, incoming),
      async (span) => {
        const received = await receiveWithin(span, source, route, incoming);
        tellAnswer(span, incoming, received);
        return received;
      },
    );
  }

  async function receiveWithin(span: Span, source: Source, route: Route, incoming: Incoming): Promise<Received> {
    const startedAtMs = clock();
    const contentType = mediaType(incoming.headers['content-type']);
    const hold = { bytes: 0 };
    try {
      if (!reserve(hold, incoming.body.length)) return unavailable(source, route, overloaded, contentType);
      return await handle({ span, source, route }, incoming, hold);
    } catch (error) {
      return failed(source, route, error, contentType);
    } finally {
      inFlightBytes -= hold.bytes;
      metrics.answered(source.name, clock() - startedAtMs);
    }
  }

  /** One request always fits, however large: else it could never be sent. */
  function reserve(hold: { bytes: number }, bytes: number): boolean {
    if (inFlightBytes > hold.bytes && inFlightBytes + bytes > config.limits.inFlightBytes) return false;
    hold.bytes += bytes;
    inFlightBytes += bytes;
    return true;
  }

  async function handle(
    { span, source, route }: Omit<Call, 'request'>,
    incoming: Incoming,
    hold: { bytes: number },
  ): Promise<Received> {
    const receivedAtMs = clock();
    const contentType = mediaType(incoming.headers['content-type']);
    const limits = bodyLimits(route, config);
    // Nothing is done with the body of a stranger, except to look for a token where the format has no other place for it.
    if (incoming.token !== null || route.bodyToken === undefined) {
      const early = identify(source, incoming, incoming.token);
      if (!early.ok) return refuse(source, route, early.status, early.problem, contentType);
    }
    const body =
      incoming.body.length > limits.sentBytes
        ? tooLarge(limits.sentBytes)
        : await decompressBody(incoming.body, incoming.headers['content-encoding'], limits.bytes);
    if (!body.ok) return refuse(source, route, body.status, body.problem, contentType);
    if (body.bytes !== incoming.body && !reserve(hold, body.bytes.length))
      return unavailable(source, route, overloaded, contentType);
    const tenant = identify(source, incoming, incoming.token ?? route.bodyToken?.(body.bytes) ?? null);
    if (!tenant.ok) return refuse(source, route, tenant.status, tenant.problem, contentType);
    const { headers } = incoming;
    const request = { tenant: tenant.tenant, bytes: body.bytes, contentType, headers, receivedAtMs };
    return accept({ span, source, route, request });
  }

  function identify(source: Source, incoming: Incoming, token: string | null) {
    const { authenticator } = options;
    const orgId = incoming.headers['x-scope-orgid'];
    return decideTenant({ authenticator, source: source.name, token, orgId, defaultTenant: config.defaultTenant });
  }

  async function accept(call: Call): Promise<Received> {
    const { source, route, request } = call;
    const decided = route.accept(request, {
      ...options.context,
      uniqueId: options.uniqueId(),
      environmentOfAlert: options.environments.get,
    });
    if (!decided.ok) {
      await keepRefused(call, decided.problem);
      return refuse(source, route, decided.status, decided.problem, request.contentType);
    }
    if (isOwnTelemetry(decided.records)) call.span.discard();
    return publishOutcome(call, submissionOf(call, decided), withoutTelemetry(decided));
  }

  async function publishOutcome(call: Call, submission: Submission, outcome: Outcome): Promise<Received> {
    await publish(call, submission);
    const { alerts = [], isForTenant = false } = outcome.records;
    if (!isForTenant)
      for (const { scope, fingerprint } of alerts)
        options.environments.set(scope.tenant, fingerprint, scope.environment);
    tell(call, outcome);
    return { reply: call.route.replyAccepted(outcome, call.request), problem: null, retryAfterMs: null };
  }

  function submissionOf(call: Call, outcome: Outcome): Submission {
    const { source, route, request } = call;
    const { bus } = options;
    const plain = recordsOf(outcome.records, {
      source: source.name,
      requestHash: hashOf(call),
      receivedAtMs: request.receivedAtMs,
      blockBytes: config.blockBytes,
      maxRecordBytes: bus.maxRecordBytes,
      partitionOf: (topic, key) => bus.partitionOf(topic, key),
      partitionCount: (topic) => bus.partitionCount(topic),
    });
    const records = carryTrace(plain, call.span);
    const counts = countsOf(source.name, itemCounts(outcome.records));
    if (outcome.bad === null) return { records, counts };
    const [problem = unknownProblem] = outcome.bad.problems;
    const letter = deadLetterOf(call, { items: outcome.bad.count, problem, payload: outcome.bad.payload() });
    if (letter === null) return { records, counts };
    return { records: [...records, ...letter.records], counts: [...counts, letter.count(route.signal)] };
  }

  function deadLetterOf(call: Call, what: { items: number; problem: Problem; payload: Uint8Array }) {
    const { source, route, request } = call;
    const payload = route.redact?.(Buffer.from(what.payload)) ?? what.payload;
    const sizeBytes = Math.min(payload.length, config.deadLetterBytes);
    if (!budget.take(source.name, sizeBytes, request.receivedAtMs)) {
      metrics.deadLetterDropped(source.name, what.items);
      return null;
    }
    const { contentType, receivedAtMs, tenant } = request;
    const refused = { tenant, source: source.name, signal: route.signal, receivedAtMs, contentType, ...what, payload };
    const { items } = what;
    return {
      records: [deadLetterRecord(refused, config.deadLetterBytes)],
      count: (signal: Signal): Count => ({ source: source.name, signal, accepted: items, deadLettered: items }),
    };
  }

  /** A body refused as a whole counts as one item: nobody can know how many it was meant to hold. */
  async function keepRefused(call: Call, problem: Problem): Promise<void> {
    const letter = deadLetterOf(call, { items: 1, problem, payload: call.request.bytes });
    if (letter !== null) await publish(call, { records: letter.records, counts: [letter.count(call.route.signal)] });
  }

  async function publish(call: Call, submission: Submission): Promise<void> {
    const startedAtMs = clock();
    const lane = call.route.limit === 'telemetry' ? options.publishers.telemetry : options.publishers.alert;
    await lane.publish(submission);
    options.logTakes(true);
    metrics.published(call.source.name, clock() - startedAtMs, submission);
  }

  function tell(call: Call, outcome: Outcome): void {
    const { source, route } = call;
    if (outcome.bad !== null) metrics.refused(source.name, route.signal, outcome.bad.problems, outcome.bad.count);
    for (const note of outcome.notes) options.logger.warn('sender noted', { source: source.name, note });
  }

  function refuse(source: Source, route: Route, status: number, problem: Problem, contentType: string): Received {
    metrics.refused(source.name, route.signal, [problem], 1);
    return { reply: route.replyRefused(status, problem, { contentType }), problem, retryAfterMs: null };
  }

  function unavailable(source: Source, route: Route, problem: Problem, contentType: string): Received {
    const { reply } = refuse(source, route, 503, problem, contentType);
    return { reply, problem, retryAfterMs: config.retryAfterMs };
  }

  function failed(source: Source, route: Route, error: unknown, contentType: string): Received {
    if (error instanceof AppError && error.kind === 'transient') {
      options.logTakes(false);
      const code = error.code === 'INGEST_OVERLOADED' ? 'INGEST_OVERLOADED' : 'INGEST_UNAVAILABLE';
      options.logger.warn('the log did not take a request', { source: source.name, code: error.code });
      const reason = 'the log cannot take records now; nothing was accepted, send the same again';
      return unavailable(source, route, { code, reason }, contentType);
    }
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    options.logger.error('request failed', { source: source.name, path: route.path, error: text });
    const problem: Problem = { code: 'INGEST_INTERNAL', reason: 'an error inside Faultline; nothing was accepted' };
    return refuse(source, route, 500, problem, contentType);
  }

  return { receive, refuse };
}

/** Encoded items are not needed as objects while the log writes: they are ten times their size. */
function withoutTelemetry(outcome: Outcome): Outcome {
  const { spans: _spans, logs: _logs, metrics: _metrics, ...records } = outcome.records;
  return { ...outcome, records };
}

const unknownProblem: Problem = { code: 'INGEST_INVALID', reason: 'bad items' };
const overloaded: Problem = {
  code: 'INGEST_OVERLOADED',
  reason: 'too many bytes are being handled at once; send the same again later',
};

export function bodyLimits(route: Route, { limits }: IngestConfig): { sentBytes: number; bytes: number } {
  return route.limit === 'telemetry'
    ? { sentBytes: limits.telemetryBodyBytes, bytes: limits.telemetryDecompressedBytes }
    : { sentBytes: limits.alertBodyBytes, bytes: limits.alertBodyBytes };
}

/** The media type of a Content-Type header, without parameters. */
export function mediaType(header: string | undefined): string {
  return (header ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

/** What a sender's retry has in common with the first try, and no other request has. */
function hashOf({ source, route, request }: Call): string {
  const hash = createHash('sha256').update(`${request.tenant}\n${source.name}\n${route.path}\n`);
  return hash.update(request.bytes).digest('hex').slice(0, 32);
}

function countsOf(source: string, items: ReadonlyMap<Signal, number>): Count[] {
  return [...items].map(([signal, accepted]) => ({ source, signal, accepted, deadLettered: 0 }));
}
