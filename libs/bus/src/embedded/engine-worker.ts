import { parentPort, workerData } from 'node:worker_threads';
import { diskFiles } from './files.ts';
import { type EngineRequest, type EngineRole, handleRequest } from './handle-request.ts';
import { MainFile } from './main-file.ts';
import type { EngineOptions, MainEngine, TelemetryEngine } from './protocol.ts';
import { TelemetryFiles } from './telemetry-files.ts';

/**
 * The thread of one engine. It handles requests in order. It opens its files at the first request, so that a failure is
 * reported as the response to it.
 */
const { role, options } = workerData as { role: EngineRole; options: EngineOptions };
const port = parentPort;
let opened: MainEngine | TelemetryEngine | undefined;

function engine(): MainEngine | TelemetryEngine {
  const files = diskFiles(options.folder);
  opened ??= role === 'main' ? new MainFile(files, options) : new TelemetryFiles(files, options);
  return opened;
}

port?.on('message', (request: EngineRequest) => port.postMessage(handleRequest(request, engine)));
