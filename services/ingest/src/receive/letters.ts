/** Refused bytes as dead letters, within the budget of their source. */
import type { OutgoingRecord } from '@faultline/bus';
import type { IngestConfig } from '../config.ts';
import type { IngestMetrics } from '../metrics.ts';
import type { Count } from '../publisher.ts';
import type { BadItems, Problem } from '../source.ts';
import type { Call } from './call.ts';
import { createDeadLetterBudget, deadLetterRecord } from './dead-letter.ts';

export interface Letter {
  readonly record: OutgoingRecord;
  readonly count: Count;
}

export interface Letters {
  /** Null when the budget of the source is used up; then the items are only counted as dropped. */
  ofBadItems(call: Call, bad: BadItems): Letter | null;
  /** A body refused as a whole counts as one item: nobody can know how many it was meant to hold. */
  ofBody(call: Call, problem: Problem): Letter | null;
}

export interface LetterOptions {
  readonly config: IngestConfig;
  readonly metrics: IngestMetrics;
}

interface Contents {
  readonly items: number;
  readonly problem: Problem;
  readonly payload: Uint8Array;
}

export function createLetters(options: LetterOptions): Letters {
  const { config } = options;
  const budget = createDeadLetterBudget(config.deadLetterBytesPerHour);
  const write = (call: Call, contents: Contents): Letter | null => {
    const { source, route, request } = call;
    const payload = route.redact?.(Buffer.from(contents.payload)) ?? contents.payload;
    if (budget.take(source.name, Math.min(payload.length, config.deadLetterBytes), request.receivedAtMs))
      return letterOf(call, { ...contents, payload }, config);
    options.metrics.deadLetterDropped(source.name, contents.items);
    return null;
  };
  return {
    ofBody: (call, problem) => write(call, { items: 1, problem, payload: call.request.bytes }),
    ofBadItems: (call, { count, problems: [problem = unknownProblem], payload }) =>
      write(call, { items: count, problem, payload: payload(config.deadLetterBytes) }),
  };
}

function letterOf(call: Call, contents: Contents, config: IngestConfig): Letter {
  const { source, route, request, origin } = call;
  const { contentType, receivedAtMs, tenant } = request;
  const problem = origin === undefined ? contents.problem : withOrigin(contents.problem, origin);
  const signal = problem.signal ?? route.signal;
  const refused = {
    tenant,
    source: source.name,
    signal,
    receivedAtMs,
    contentType,
    ...contents,
    problem,
  };
  const { items } = contents;
  return {
    record: deadLetterRecord(refused, config.deadLetterBytes),
    count: { source: source.name, signal, accepted: items, deadLettered: items },
  };
}

/** Nobody was answered, so the reason is all that leads back to the message. */
function withOrigin(problem: Problem, origin: string): Problem {
  return { ...problem, reason: `${problem.reason} (${origin})` };
}

const unknownProblem: Problem = { code: 'INGEST_INVALID', reason: 'bad items' };
