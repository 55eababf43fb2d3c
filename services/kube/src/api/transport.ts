/** Requests to the API server: an open response as a stream of text, or an AppError. Credentials come from `@kubernetes/client-node`. */
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { type RequestOptions, request as requestHttps } from 'node:https';
import { AppError } from '@faultline/runtime';
import { type ApiAccess, type CredentialOptions, describeSystemError, readCredentials } from './credentials.ts';

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** With its query. */
  readonly path: string;
  readonly body?: string;
  readonly signal: AbortSignal;
  /** Without bytes for this long the connection counts as lost, ms. */
  readonly idleMs: number;
}

export interface ApiResponse {
  readonly status: number;
  /** What `Retry-After` asks for, ms; null without one. */
  readonly retryAfterMs: number | null;
  readonly text: AsyncIterable<string>;
}

/** Rejects with KUBE_UNAVAILABLE when there is no answer. Any status is an answer. */
export type Transport = (request: ApiRequest) => Promise<ApiResponse>;

/** Rejects with KUBE_NO_CREDENTIALS. Tokens that are files are read again as they are renewed. */
export async function createTransport(options: CredentialOptions): Promise<Transport> {
  const access = await readCredentials(options);
  return (request) => send(access, request);
}

async function send({ server, credentials }: ApiAccess, request: ApiRequest): Promise<ApiResponse> {
  const options: RequestOptions = { method: request.method, signal: request.signal, timeout: request.idleMs };
  const isTls = server.protocol === 'https:';
  try {
    // Plain HTTP is what `kubectl proxy` speaks, which needs no credentials: none are sent.
    if (isTls) await credentials.applyToHTTPSOptions(options);
    const response = await open(server, isTls ? requestHttps : requestHttp, options, request);
    return { status: response.statusCode ?? 0, retryAfterMs: retryAfterMs(response), text: textOf(server, response) };
  } catch (error) {
    throw unavailable(server, error);
  }
}

function open(
  server: URL,
  send: typeof requestHttp | typeof requestHttps,
  options: RequestOptions,
  { path, body }: ApiRequest,
): Promise<IncomingMessage> {
  const headers = { accept: 'application/json', ...(body !== undefined && { 'content-type': 'application/json' }) };
  return new Promise((resolve, reject) => {
    const outgoing = send(
      {
        ...options,
        hostname: server.hostname.replace(/^\[|\]$/g, ''),
        port: server.port,
        path: `${server.pathname.replace(/\/$/, '')}${path}`,
        headers: { ...options.headers, ...headers },
      },
      resolve,
    );
    outgoing.on('error', reject);
    outgoing.on('timeout', () =>
      outgoing.destroy(Object.assign(new Error('no bytes for too long'), { code: 'ETIMEDOUT' })),
    );
    outgoing.end(body);
  });
}

async function* textOf(server: URL, response: IncomingMessage): AsyncGenerator<string> {
  response.setEncoding('utf8');
  try {
    for await (const chunk of response) yield String(chunk);
  } catch (error) {
    throw unavailable(server, error);
  }
}

function retryAfterMs({ headers }: IncomingMessage): number | null {
  const seconds = Number(headers['retry-after'] ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds, 60) * 1000 : null;
}

/** The API server is away, or closed the connection. Names the server and the code of the error, and never what was sent: it may hold a token. */
function unavailable({ origin, pathname }: URL, cause: unknown): AppError {
  const reason = describeSystemError(cause) ?? 'the connection was lost, or the credentials could not be used';
  const server = `${origin}${pathname.replace(/\/$/, '')}`;
  return new AppError('KUBE_UNAVAILABLE', `the API server ${server} did not answer: ${reason}`, {
    kind: 'transient',
    cause,
  });
}
