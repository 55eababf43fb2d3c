/** Sends export requests of spans by HTTP or gRPC over a few connections, each with one request after another. */
import { Agent, request } from 'node:http';
import { Client, credentials } from '@grpc/grpc-js';

export type Transport = 'http' | 'grpc';

interface Ports {
  readonly grpc: number;
  readonly http: number;
}

type Send = (body: Buffer) => Promise<void>;

const connections = 8;
const method = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
/** The library's number for gzip. */
const gzip = 2;

/** Bodies for HTTP are compressed already; for gRPC the client compresses them. Rejects when one is refused. */
export async function sendAll(transport: Transport, ports: Ports, bodies: readonly Buffer[]): Promise<void> {
  const rest = bodies.values();
  const sender = async () => {
    const { send, close } = transport === 'http' ? overHttp(ports.http) : overGrpc(ports.grpc);
    for (const body of rest) await send(body);
    close();
  };
  await Promise.all(Array.from({ length: connections }, sender));
}

function overHttp(port: number): { send: Send; close: () => void } {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const headers = { 'content-type': 'application/x-protobuf', 'content-encoding': 'gzip' };
  const send: Send = (body) =>
    new Promise((resolve, reject) => {
      const options = {
        port,
        agent,
        method: 'POST',
        path: '/v1/traces',
        headers: { ...headers, 'content-length': body.length },
      };
      const outgoing = request(options, (response) => {
        response.resume().on('end', () => {
          if (response.statusCode === 200) resolve();
          else reject(new Error(`answered ${response.statusCode}`));
        });
      });
      outgoing.on('error', reject).end(body);
    });
  return { send, close: () => agent.destroy() };
}

function overGrpc(port: number): { send: Send; close: () => void } {
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), {
    'grpc.default_compression_algorithm': gzip,
    // Otherwise all clients of this process share one connection.
    'grpc.use_local_subchannel_pool': 1,
  });
  const same = (bytes: Buffer) => bytes;
  const send: Send = (body) =>
    new Promise((resolve, reject) => {
      client.makeUnaryRequest(method, same, same, body, (error) => (error === null ? resolve() : reject(error)));
    });
  return { send, close: () => client.close() };
}
