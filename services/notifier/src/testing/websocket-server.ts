/** A WebSocket server on loopback (RFC 6455) for tests: texts of up to 65,535 bytes, no fragments, no extensions. */
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { Socket } from 'node:net';

export interface WebSocketServer {
  readonly port: number;
  /** Texts that clients sent, in order. */
  readonly received: string[];
  /** How many clients have connected so far. */
  connections(): number;
  /** Sends a text to the client that connected last. */
  send(text: string): void;
  /** Cuts all connections, as a network does. */
  cut(): void;
  close(): Promise<void>;
}

/** RFC 6455, section 1.3. */
const acceptGuid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** `onConnect`: the first text that each client gets. */
export async function startWebSocketServer(onConnect: string): Promise<WebSocketServer> {
  const sockets: Socket[] = [];
  const received: string[] = [];
  const server = createServer();
  server.on('upgrade', (request, stream) => {
    const socket = stream as Socket;
    const key = `${request.headers['sec-websocket-key'] ?? ''}${acceptGuid}`;
    const accept = createHash('sha1').update(key).digest('base64');
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    sockets.push(socket);
    let rest = Buffer.alloc(0);
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => {
      rest = Buffer.concat([rest, chunk]);
      for (let frame = frameOf(rest); frame !== null; frame = frameOf(rest)) {
        rest = rest.subarray(frame.length);
        if (frame.opcode === opcodes.text) received.push(frame.payload.toString());
        // The answer to a close frame is a close frame.
        if (frame.opcode === opcodes.close) socket.end(encoded(frame.payload, opcodes.close));
      }
    });
    socket.write(encoded(Buffer.from(onConnect), opcodes.text));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as { port: number }).port,
    received,
    connections: () => sockets.length,
    send: (text) => void sockets.at(-1)?.write(encoded(Buffer.from(text), opcodes.text)),
    cut,
    close: () => {
      cut();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

const opcodes = { text: 1, close: 8 } as const;

function encoded(payload: Buffer, opcode: number): Buffer {
  const head =
    payload.length < 126
      ? [0x80 | opcode, payload.length]
      : [0x80 | opcode, 126, payload.length >> 8, payload.length & 0xff];
  return Buffer.concat([Buffer.from(head), payload]);
}

/** The first frame of a client. Null: it is not there in full. */
function frameOf(bytes: Buffer): { readonly opcode: number; readonly payload: Buffer; readonly length: number } | null {
  if (bytes.length < 2) return null;
  const short = bytes.readUInt8(1) & 0x7f;
  const headLength = short === 126 ? 4 : 2;
  if (bytes.length < headLength + 4) return null;
  const size = short === 126 ? bytes.readUInt16BE(2) : short;
  const length = headLength + 4 + size;
  if (bytes.length < length) return null;
  const mask = bytes.subarray(headLength, headLength + 4);
  const payload = Buffer.from(
    bytes.subarray(headLength + 4, length).map((byte, index) => byte ^ (mask[index % 4] ?? 0)),
  );
  return { opcode: bytes.readUInt8(0) & 0x0f, payload, length };
}
