/** A real HTTP server on loopback. It keeps the requests and sends the answers that a test sets. */
import { createServer, type IncomingHttpHeaders } from 'node:http';

export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface ReceiverAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Close the connection after the request instead of answering. */
  readonly hangUp?: boolean;
  /** Never answer. */
  readonly silent?: boolean;
  /** Send the body and leave the answer open. */
  readonly endless?: boolean;
}

export interface Receiver {
  readonly url: string;
  readonly requests: ReceivedRequest[];
  answer: (request: ReceivedRequest) => ReceiverAnswer;
  close(): Promise<void>;
}

export async function startReceiver(answer: Receiver['answer']): Promise<Receiver> {
  const requests: ReceivedRequest[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const received = {
      method: request.method ?? '',
      path: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(chunks).toString(),
    };
    requests.push(received);
    const {
      status = 200,
      headers = {},
      body = '',
      hangUp = false,
      silent = false,
      endless = false,
    } = receiver.answer(received);
    if (silent) return;
    if (hangUp) response.destroy();
    else if (endless) response.writeHead(status, headers).write(body);
    else response.writeHead(status, headers).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const receiver: Receiver = {
    url: `http://127.0.0.1:${port}/`,
    requests,
    answer,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return receiver;
}
