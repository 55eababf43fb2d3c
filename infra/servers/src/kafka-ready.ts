/**
 * Asks a broker which brokers it knows. It writes the few bytes of Kafka's protocol itself, so that this package needs
 * no client.
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

const metadataKey = 3;
const metadataVersion = 1;
const noClientId = -1;
const answerWithinMs = 2_000;

/** Number of live brokers as this one sees it. Rejects when it does not answer. */
export async function brokersSeenBy(port: number): Promise<number> {
  const socket = connect(port, '127.0.0.1');
  socket.setTimeout(answerWithinMs, () => socket.destroy(new Error('no answer')));
  try {
    await once(socket, 'connect');
    socket.write(metadataRequest());
    const answer = await readFrame(socket);
    return answer.readInt32BE(correlationBytes);
  } finally {
    socket.destroy();
  }
}

const correlationBytes = 4;

/** A metadata request without topics: length, key, version, correlation id, client id, topics. */
export function metadataRequest(): Buffer {
  const request = Buffer.alloc(4 + 2 + 2 + 4 + 2 + 4);
  request.writeInt32BE(request.length - 4, 0);
  request.writeInt16BE(metadataKey, 4);
  request.writeInt16BE(metadataVersion, 6);
  request.writeInt16BE(noClientId, 12);
  return request;
}

async function readFrame(socket: Socket): Promise<Buffer> {
  let seen = Buffer.alloc(0);
  for await (const chunk of socket) {
    seen = Buffer.concat([seen, chunk as Buffer]);
    if (seen.length >= 4 && seen.length >= 4 + seen.readInt32BE(0)) return seen.subarray(4);
  }
  throw new Error('the broker closed the connection');
}
