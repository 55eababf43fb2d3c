import { parentPort, workerData } from 'node:worker_threads';
import type { EngineAnswer, EngineRequest, EngineRole } from './engine-host.ts';
import { failureWhileRunning } from './failure.ts';
import { diskFiles } from './files.ts';
import { MainFile } from './main-file.ts';
import type { EngineOptions } from './protocol.ts';
import { TelemetryFiles } from './telemetry-files.ts';

/** The thread of one engine: takes requests in order, answers each. Opening happens at the first request, so that its error is answered too. */
const { role, options } = workerData as { role: EngineRole; options: EngineOptions };
const port = parentPort;
let engine: Record<string, (argument: unknown) => unknown> | undefined;

function createEngine(): Record<string, (argument: unknown) => unknown> {
  const files = diskFiles(options.folder);
  const created = role === 'main' ? new MainFile(files, options.partitions) : new TelemetryFiles(files, options);
  return created as unknown as Record<string, (argument: unknown) => unknown>;
}

function answer({ id, method, argument }: EngineRequest): EngineAnswer {
  try {
    engine ??= createEngine();
    return { id, answer: engine[method]?.(argument) };
  } catch (error) {
    return { id, failure: failureWhileRunning(error, `${role} ${method}`) };
  }
}

port?.on('message', (request: EngineRequest) => port.postMessage(answer(request)));
