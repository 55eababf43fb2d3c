/**
 * Evaluates mappings in a thread of its own. JSONata is a whole language, and its own limits are checked only between its steps. So the thread
 * has a limit of memory, and it is ended when one evaluation takes too long. The next evaluation starts a new one.
 */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { IngestErrorCode } from '../errors.ts';
import type { MappingRequest, MappingResponse } from './protocol.ts';

export interface MappingInput {
  readonly expression: string;
  /** JSON text. */
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly parameters?: Readonly<Record<string, string>>;
}

export type Evaluated =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly code: IngestErrorCode; readonly reason: string };

export interface MappingEvaluator {
  /** Never rejects. Evaluations run one after the other. */
  evaluate(input: MappingInput): Promise<Evaluated>;
  close(): Promise<void>;
}

export interface EvaluatorOptions {
  /** For one evaluation, ms. */
  readonly timeoutMs: number;
  /** Heap of the thread, MiB. */
  readonly memoryMb: number;
}

/** The thread is ended so much later than JSONata's own limit of time, ms: its start counts, too. */
const graceMs = 2000;

export function createMappingEvaluator(options: EvaluatorOptions): MappingEvaluator {
  let worker: Worker | null = null;
  let last: Promise<unknown> = Promise.resolve();
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
  return {
    evaluate: (input) => {
      const result = last.then(() => evaluateNow(input));
      last = result;
      return result;
    },
    close: async () => {
      await last;
      await drop();
    },
  };
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
  worker.postMessage({ id: 0, parameters: {}, ...input, timeoutMs } satisfies MappingRequest);
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
