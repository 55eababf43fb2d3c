/** Answers to what was not taken: refused, asked to come again, or failed. */
import { AppError, type Logger } from '@faultline/runtime';
import type { IngestConfig } from '../config.ts';
import type { IngestMetrics } from '../metrics.ts';
import type { Problem, Route, Source } from '../source.ts';
import type { Received } from './call.ts';

export interface AnswerOptions {
  readonly config: IngestConfig;
  readonly metrics: IngestMetrics;
  readonly logger: Logger;
  /** Told after each write whether the log takes records. */
  readonly logTakes: (ok: boolean) => void;
}

/** Where an answer goes: its source, its route, and the media type of the request. */
export interface Addressee {
  readonly source: Source;
  readonly route: Route;
  readonly contentType: string;
}

export interface Answers {
  /** 503 asks to send the same again later. */
  refused(to: Addressee, status: number, problem: Problem): Received;
  /** For an error that was thrown. What is not a passing trouble of the log is a bug of ours. */
  failed(to: Addressee, error: unknown): Received;
}

export function createAnswers(options: AnswerOptions): Answers {
  const refused = (to: Addressee, status: number, problem: Problem) => refusal(to, status, problem, options);
  return {
    refused,
    failed: (to, error) =>
      error instanceof AppError && error.kind === 'transient'
        ? refused(to, 503, logProblem(to, error, options))
        : refused(to, 500, bugProblem(to, error, options)),
  };
}

function refusal(
  { source, route, contentType }: Addressee,
  status: number,
  problem: Problem,
  { metrics, config }: AnswerOptions,
): Received {
  metrics.refused(source.name, route.signal, [problem], 1);
  return {
    reply: route.replyRefused(status, problem, { contentType }),
    problem,
    retryAfterMs: status === 503 ? config.retryAfterMs : null,
  };
}

function logProblem({ source }: Addressee, error: AppError, { logTakes, logger }: AnswerOptions): Problem {
  logTakes(false);
  logger.warn('the log did not take a request', { source: source.name, code: error.code });
  return {
    code: error.code === 'INGEST_OVERLOADED' ? 'INGEST_OVERLOADED' : 'INGEST_UNAVAILABLE',
    reason: 'the log cannot take records now; nothing was accepted, send the same again',
  };
}

function bugProblem({ source, route }: Addressee, error: unknown, { logger }: AnswerOptions): Problem {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  logger.error('request failed', { source: source.name, path: route.path, error: text });
  return { code: 'INGEST_INTERNAL', reason: 'an error inside Faultline; nothing was accepted' };
}
