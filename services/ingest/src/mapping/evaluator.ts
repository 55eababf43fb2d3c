/**
 * Evaluates mappings in a thread of its own. JSONata is a whole language, and its own limits are checked only between its steps. So the thread
 * has a limit of memory, and it is ended when one evaluation takes too long. The next evaluation starts a new one. All senders share the thread, so
 * what waits for it is limited for each tenant.
 */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { IngestErrorCode } from '../errors.ts';
import type { MappingRequest, MappingResponse } from './protocol.ts';
import { createWaitingLines, type Waiting } from './waiting.ts';

export interface MappingInput {
  readonly expression: string;
  /** JSON text. */
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly parameters?: Readonly<Record<string, string>>;
  /** Tenants take turns. Default: all the same. */
  readonly tenant?: string;
  /** Changes wait until no alert waits. Default: alerts. */
  readonly signal?: 'alerts' | 'changes';
}

export type Evaluated =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly code: IngestErrorCode; readonly reason: string };

export interface MappingEvaluator {
  /** Evaluations run one after the other. `INGEST_OVERLOADED`: too much of this tenant is waiting. */
  evaluate(input: MappingInput): Promise<Evaluated>;
  close(): Promise<void>;
}

export interface EvaluatorOptions {
  /** For one evaluation, ms. */
  readonly timeoutMs: number;
  /** Heap of the thread, MiB. */
  readonly memoryMb: number;
  /** Most evaluations of one tenant that may wait, of alerts and of changes each. Default: 100. */
  readonly maxWaiting?: number;
  /** Bytes of their bodies. Default: 8 MiB. */
  readonly maxWaitingBytes?: number;
}

interface Job extends Waiting {
  readonly run: () => Promise<void>;
}

/** The thread is ended so much later than JSONata's own limit of time, ms: its start counts, too. */
const graceMs = 2000;

export function createMappingEvaluator(options: EvaluatorOptions): MappingEvaluator {
  let worker: Worker | null = null;
  const { maxWaiting = 100, maxWaitingBytes = 8 * 1024 * 1024 } = options;
  const waiting = createWaitingLines<Job>({ maxItems: maxWaiting, maxBytes: maxWaitingBytes });
  let working: Promise<void> | null = null;
  const drop = async (): Promise<void> => {
    const ending = worker;
    worker = null;
    await ending?.terminate();
  };
  const evaluateNow = async (input: MappingInput): Promise<Evaluated> => {
    worker ??= startWorker(options);
    const evaluated = await askWorker(worker, input, options);
    if (evaluated !== null) return evaluated;
    await drop();
    return { ok: false, code: 'INGEST_TOO_COSTLY', reason: 'mapping: took too much time or memory' };
  };
  const work = async (): Promise<void> => {
    for (let job = waiting.next(); job !== undefined; job = waiting.next()) await job.run();
    working = null;
  };
  return {
    evaluate: (input) =>
      new Promise((resolve, reject) => {
        const run = () => evaluateNow(input).then(resolve, reject);
        if (waiting.add({ ...turnOf(input), run })) working ??= work();
        else resolve({ ok: false, code: 'INGEST_OVERLOADED', reason: overloadedReason });
      }),
    close: async () => {
      await working;
      await drop();
    },
  };
}

const overloadedReason =
  'too many bodies of this tenant wait for their mapping; nothing was accepted, send the same again';

function turnOf({ tenant = '', signal = 'alerts', body }: MappingInput): Waiting {
  return { tenant, isAlert: signal === 'alerts', sizeBytes: body.length };
}

function startWorker({ memoryMb }: EvaluatorOptions): Worker {
  const resourceLimits = { maxOldGenerationSizeMb: memoryMb, maxYoungGenerationSizeMb: 16, stackSizeMb: 4 };
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { resourceLimits });
  // Whoever waits for an answer learns of it. An error while nobody waits must not end the process.
  worker.on('error', () => {});
  // A thread without work must not keep the process alive.
  worker.unref();
  return worker;
}

/** Null when the thread ended or took too long. */
async function askWorker(worker: Worker, input: MappingInput, { timeoutMs }: EvaluatorOptions) {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), timeoutMs + graceMs);
  const { expression, body, headers, parameters = {} } = input;
  worker.postMessage({ id: 0, expression, body, headers, parameters, timeoutMs } satisfies MappingRequest);
  try {
    // `once` rejects on the event `error`, which a thread without memory emits, and on the abort.
    const [response] = (await once(worker, 'message', abort)) as [MappingResponse];
    return evaluatedOf(response);
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

function evaluatedOf(response: MappingResponse): Evaluated {
  if (response.ok) return { ok: true, value: JSON.parse(response.json) };
  const code = response.isLimit ? 'INGEST_TOO_COSTLY' : 'INGEST_MAPPING';
  return { ok: false, code, reason: `mapping: ${response.reason}` };
}
