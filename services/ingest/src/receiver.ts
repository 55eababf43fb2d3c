/**
 * The host of the sources. For each request: admit (token, room, body), decode and normalise, publish, answer. Success is answered only when the
 * log has the records. Nothing a sender sends may throw here; what does is a bug and answers 500.
 */
import type { Authenticator, Tracer } from '@faultline/runtime';
import type { Lease } from './body/budget.ts';
import type { Submission } from './publisher.ts';
import { type Admission, createAdmission } from './receive/admit.ts';
import { type Addressee, type AnswerOptions, type Answers, createAnswers } from './receive/answer.ts';
import { type Call, type Incoming, type KnownBody, mediaType, type OpenCall, type Received } from './receive/call.ts';
import { createLetters } from './receive/letters.ts';
import { keepRefused, type SubmitOptions, submissionOf, submit } from './receive/submit.ts';
import { createTurns, type Turns } from './receive/turns.ts';
import type { Outcome, Prepared, Problem, Refusal, Route, Source, SourceContext } from './source.ts';
import type { KeptPayloads } from './source-api/kept-payloads.ts';
import { finishInSlices, type Steps } from './steps.ts';
import { isOwnTelemetry, messageSpan, requestSpan, tellAnswer, tellProblem } from './trace.ts';

export interface Receiver {
  /** Never rejects. What the body has left unread is the transport's to discard. */
  receive(source: Source, route: Route, incoming: Incoming): Promise<Received>;
  /** Handles a body that no request brought. Rejects as its publisher does. A body that cannot be used becomes a dead letter. */
  receiveBody(to: BodyReader, body: KnownBody): Promise<Received>;
  /** An answer for what a transport refused by itself. */
  refuse(to: Addressee, status: number, problem: Problem): Received;
}

/** What reads a body that no request brought. */
export interface BodyReader {
  readonly source: Source;
  readonly route: Route;
  readonly contentType: string;
}

export interface ReceiverOptions extends Omit<SubmitOptions, 'letters'>, AnswerOptions {
  readonly context: Omit<SourceContext, 'uniqueId' | 'processorMs'>;
  readonly tracer: Tracer;
  readonly authenticator: Authenticator;
  readonly uniqueId: () => string;
  /** Bodies for trials of mappings. */
  readonly payloads: KeptPayloads;
  /** Starts a count of the processor time of this thread, in milliseconds. */
  readonly startProcessorTimer: () => () => number;
}

interface Parts {
  readonly options: ReceiverOptions & SubmitOptions;
  readonly admission: Admission;
  readonly answers: Answers;
  /** Telemetry is decoded one request at a time: alerts get their turn between two. */
  readonly decoding: Turns;
}

export function createReceiver(options: ReceiverOptions): Receiver {
  const parts: Parts = {
    options: { ...options, letters: createLetters(options) },
    admission: createAdmission(options),
    answers: createAnswers(options),
    decoding: createTurns(1),
  };
  return {
    receive: (source, route, incoming) => receiveTraced(source, route, incoming, parts),
    receiveBody: (to, body) => receiveKnown(to, body, parts),
    refuse: parts.answers.refused,
  };
}

function receiveTraced(source: Source, route: Route, incoming: Incoming, parts: Parts): Promise<Received> {
  const { tracer, clock } = parts.options;
  return tracer.run(
    () => requestSpan(source, route, incoming),
    async (span) => {
      const contentType = mediaType(incoming.headers['content-type']);
      const received = await receiveOne({ source, route, span, incoming, contentType, receivedAtMs: clock() }, parts);
      tellAnswer(span, incoming, received);
      return received;
    },
  );
}

async function receiveOne(call: OpenCall, parts: Parts): Promise<Received> {
  const { metrics, clock } = parts.options;
  const lease = parts.admission.open(call);
  try {
    return await handle(call, lease, parts);
  } catch (error) {
    return parts.answers.failed(call, error);
  } finally {
    lease.release();
    metrics.answered(call.source.name, clock() - call.receivedAtMs);
  }
}

async function handle(open: OpenCall, lease: Lease, parts: Parts): Promise<Received> {
  const admitted = await parts.admission.admit(open, lease);
  if (!admitted.ok) return parts.answers.refused(open, admitted.status, admitted.problem);
  const { contentType, receivedAtMs, incoming } = open;
  return handleCall(
    {
      ...open,
      request: {
        ...admitted.value,
        contentType,
        receivedAtMs,
        headers: incoming.headers,
        parameters: incoming.parameters ?? {},
      },
    },
    parts,
  );
}

function receiveKnown({ source, route, contentType }: BodyReader, body: KnownBody, parts: Parts): Promise<Received> {
  const { tracer, clock, metrics } = parts.options;
  const { bytes, tenant, headers, origin, publisher } = body;
  return tracer.run(
    () => messageSpan(source, body),
    async (span) => {
      const beganAtMs = clock();
      const receivedAtMs = body.receivedAtMs ?? beganAtMs;
      const request = { bytes, tenant, headers, contentType, receivedAtMs, parameters: {} };
      const call: Call = { source, route, span, contentType, receivedAtMs, request, origin, publisher };
      const received = await handleMessage(call, parts);
      tellProblem(span, received);
      metrics.answered(source.name, clock() - beganAtMs);
      return received;
    },
  );
}

/** Nobody sends a message again, so a bug must not lose it either. */
async function handleMessage(call: Call, parts: Parts): Promise<Received> {
  try {
    return await handleCall(call, parts);
  } catch (error) {
    const received = parts.answers.failed(call, error);
    if (received.problem !== null && received.retryAfterMs === null)
      await keepRefused(withoutSecrets(call), received.problem, parts.options);
    return received;
  }
}

async function handleCall(received: Call, parts: Parts): Promise<Received> {
  const prepared = await prepare(received, parts);
  const call = prepared.ok ? { ...received, request: prepared.request } : withoutSecrets(received);
  const decided = prepared.ok ? await decide(call, parts) : prepared;
  if (received.route.prepare !== undefined) keepPayload(received, decided, parts);
  if (decided.ok) return submit(call, decided.submission, decided.outcome, parts.options);
  // What may be sent again is not lost.
  if (decided.status !== 503) await keepRefused(call, decided.problem, parts.options);
  return parts.answers.refused(call, decided.status, decided.problem);
}

/** For routes with a mapping: people may want to try another one on what came. */
function keepPayload({ source, route, request }: Call, decided: Decision, { options }: Parts): void {
  const outcome = decided.ok ? outcomeText(decided.outcome) : decided.problem.reason;
  options.payloads.keep(source.name, route, request, outcome);
}

function outcomeText({ records, notes, bad }: Outcome): string {
  const count = (records.alerts?.length ?? 0) + (records.changes?.length ?? 0) + (records.commands?.length ?? 0);
  return [`${count} taken`, ...(bad?.problems.map(({ reason }) => reason) ?? []), ...notes].join('; ');
}

/** A call whose body may be kept. Of a body that may hold secrets only its size is left. */
function withoutSecrets(call: Call): Call {
  if (call.route.keepsBody !== false) return call;
  const note = { note: 'the body is not kept: it may hold secrets', bytes: call.request.bytes.length };
  return {
    ...call,
    request: { ...call.request, contentType: 'application/json', bytes: Buffer.from(JSON.stringify(note)) },
  };
}

async function prepare({ route, request }: Call, { options }: Parts): Promise<Prepared> {
  if (route.prepare === undefined) return { ok: true, request };
  return route.prepare(request, { ...options.context, uniqueId: options.uniqueId(), processorMs: () => 0 });
}

type Decision = { readonly ok: true; readonly outcome: Outcome; readonly submission: Submission } | Refusal;

/** Decodes in slices, so that others get their turn between two. Alerts wait for no other request. */
function decide(call: Call, parts: Parts): Promise<Decision> {
  const meter = createMeter(parts.options.startProcessorTimer);
  const steps = decode(call, parts, meter.spentMs);
  const run = () => finishInSlices(steps, { sliceMs, onSlice: meter.begin });
  return call.route.limit === 'alert' ? run() : parts.decoding.run(run);
}

/** How long one request may hold the event loop at a time, ms. */
const sliceMs = 10;

/** Counts processor time while a slice runs: what others use between two slices is not this request's. */
function createMeter(startTimer: () => () => number) {
  let spentMs = 0;
  let running: (() => number) | null = null;
  return {
    spentMs: () => spentMs + (running?.() ?? 0),
    begin: () => {
      running = startTimer();
      return () => {
        spentMs += running?.() ?? 0;
        running = null;
      };
    },
  };
}

function* decode(call: Call, { options }: Parts, processorMs: () => number): Steps<Decision> {
  const decided = yield* call.route.acceptSteps(call.request, {
    ...options.context,
    uniqueId: options.uniqueId(),
    processorMs,
  });
  if (!decided.ok) return decided;
  if (isOwnTelemetry(decided.records)) call.span.discard();
  return { ok: true, submission: yield* submissionOf(call, decided, options), outcome: withoutTelemetry(decided) };
}

/** Encoded items are not needed as objects while the log writes: they are ten times their size. */
function withoutTelemetry({ records, ...outcome }: Outcome): Outcome {
  const { spans: _spans, logs: _logs, metrics: _metrics, ...rest } = records;
  return { ...outcome, records: rest };
}
