import { Worker } from 'node:worker_threads';
import { busError, errorOf } from '../bus-error.ts';
import { type EngineRequest, type EngineResponse, type EngineRole, handleRequest } from './handle-request.ts';
import type { EngineOptions, MainEngine, TelemetryEngine } from './protocol.ts';

/** Methods of an engine as seen from another thread: the same arguments, answered later. */
export type Remote<Engine> = {
  readonly [Method in keyof Engine]: Engine[Method] extends (argument: infer Argument) => infer Result
    ? (argument: Argument, transfer?: readonly ArrayBuffer[]) => Promise<Result>
    : never;
};

export interface HostedEngine<Engine> {
  readonly engine: Remote<Engine>;
  stop(): Promise<void>;
}

type Call = (method: string, argument: unknown, transfer: readonly ArrayBuffer[]) => Promise<unknown>;

function remote<Engine extends MainEngine | TelemetryEngine>(call: Call): Remote<Engine> {
  return new Proxy({} as Remote<Engine>, {
    get:
      (_target, method) =>
      (argument: unknown, transfer: readonly ArrayBuffer[] = []) =>
        call(String(method), argument, transfer),
  });
}

/** Runs an engine in this thread: for a log in memory. */
export function hostLocally<Engine extends MainEngine | TelemetryEngine>(engine: Engine): HostedEngine<Engine> {
  const call: Call = async (method, argument) => {
    const response = handleRequest({ id: 0, method, argument }, () => engine);
    if ('failure' in response) throw errorOf(response.failure);
    return response.result;
  };
  return { engine: remote(call), stop: async () => {} };
}

/** Runs an engine in a thread of its own, so that waiting for the disk stops nobody else. Calls are answered in order. */
export function hostInWorker<Engine extends MainEngine | TelemetryEngine>(
  role: EngineRole,
  options: EngineOptions,
): HostedEngine<Engine> {
  const worker = new Worker(new URL('./engine-worker.ts', import.meta.url), { workerData: { role, options } });
  const waiting = new Map<number, { resolve(result: unknown): void; reject(error: unknown): void }>();
  let lastId = 0;
  let ended: Error | undefined;
  const end = (cause: unknown) => {
    ended ??= busError('BUS_UNAVAILABLE', `the log's ${role} thread has ended`, cause);
    for (const { reject } of waiting.values()) reject(ended);
    waiting.clear();
  };
  worker.on('error', end);
  worker.on('exit', end);
  worker.on('message', (message: EngineResponse) => {
    const call = waiting.get(message.id);
    waiting.delete(message.id);
    if ('failure' in message) call?.reject(errorOf(message.failure));
    else call?.resolve(message.result);
  });
  const call: Call = (method, argument, transfer) =>
    new Promise((resolve, reject) => {
      if (ended !== undefined) return reject(ended);
      lastId += 1;
      waiting.set(lastId, { resolve, reject });
      worker.postMessage({ id: lastId, method, argument } satisfies EngineRequest, transfer);
    });
  return { engine: remote(call), stop: async () => void (await worker.terminate()) };
}
