/** The thread that evaluates mappings. Its memory is limited, and its host ends it when it takes too long. */
import { parentPort } from 'node:worker_threads';
import { evaluateMapping } from './evaluate.ts';
import type { MappingRequest } from './protocol.ts';

parentPort?.on('message', (request: MappingRequest) => {
  void evaluateMapping(request).then((response) => parentPort?.postMessage(response));
});
