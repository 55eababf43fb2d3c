import { parentPort, workerData } from 'node:worker_threads';
import { diskFiles } from './files.ts';
import { type EngineRequest, type EngineRole, handleRequest } from './handle-request.ts';
import { MainFile } from './main-file.ts';
import type { EngineOptions, MainEngine, TelemetryEngine } from './protocol.ts';
import { TelemetryFiles } from './telemetry-files.ts';

/** The thread of one engine: takes requests in order, answers each. It opens its files at the first, so that a failure is answered too. */
const { role, options } = workerData as { role: EngineRole; options: EngineOptions };
const port = parentPort;
let opened: MainEngine | TelemetryEngine | undefined;

function engine(): MainEngine | TelemetryEngine {
  const files = diskFiles(options.folder);
  opened ??= role === 'main' ? new MainFile(files, options) : new TelemetryFiles(files, options);
  return opened;
}

port?.on('message', (request: EngineRequest) => port.postMessage(handleRequest(request, engine)));
