/**
 * The least that a receiver in this runtime does for OTLP: take the request, inflate it, walk over its spans, and write
 * the same bytes to the log with acknowledgement. It makes no objects and no blocks, so nothing that decodes can cost
 * less. Arguments: Kafka's brokers or nothing, a name. Ends when its parent disconnects.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createHttp2Server, type Http2Server, type ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type Bus, busConfig, createBus } from '@faultline/bus';
import { silentLogger, systemClock } from '@faultline/runtime';
import type { StartedMessage } from './faultline.ts';
import { countSpans } from './walk.ts';

const [brokers = '', name = ''] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'faultline-bench-floor-'));
const alone = { replicationFactor: 1, minInSyncReplicas: 1 };
const kafka = { kind: 'kafka', kafka: { brokers: brokers.split(','), topicPrefix: `${name}.`, ...alone } };
const started = await createBus(busConfig.parse(brokers === '' ? { folder } : kafka), {
  logger: silentLogger,
  clock: systemClock,
}).start();

/** As large as a block of ingest. */
const pieceBytes = 262_144;

async function take(bus: Bus, packed: Buffer): Promise<void> {
  const body = gunzipSync(packed);
  if (countSpans(body) === 0) throw new Error('the request has no spans');
  const pieces = Array.from({ length: Math.ceil(body.length / pieceBytes) }, (_, index) =>
    body.subarray(index * pieceBytes, (index + 1) * pieceBytes),
  );
  const publish = (value: Buffer) => bus.publish([{ topic: 'spans', key: '', partition: 0, value }]);
  await Promise.all(pieces.map(publish));
}

async function bytesOf(stream: IncomingMessage | ServerHttp2Stream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
}

async function answerHttp(request: IncomingMessage, response: ServerResponse): Promise<void> {
  await take(started.value, await bytesOf(request));
  response.writeHead(200, { 'content-type': 'application/x-protobuf', 'content-length': 0 }).end();
}

const frameHeadBytes = 5;

async function answerGrpc(stream: ServerHttp2Stream): Promise<void> {
  const framed = await bytesOf(stream);
  await take(started.value, framed.subarray(frameHeadBytes));
  stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
  stream.end(Buffer.alloc(frameHeadBytes));
}

const http = createServer((request, response) => void answerHttp(request, response));
const grpc = createHttp2Server({ settings: { initialWindowSize: 4 * 1024 * 1024 } });
grpc.on('stream', (stream) => void answerGrpc(stream));

const listen = (server: Server | Http2Server) =>
  new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });

process.on('disconnect', async () => {
  http.close();
  grpc.close();
  await started.stop();
  rmSync(folder, { recursive: true, force: true });
  process.exit();
});
process.send?.({ http: await listen(http), grpc: await listen(grpc) } satisfies StartedMessage);
