/** Talks to Faultline over real sockets, as exporters, alert senders and API users do. */
import { gzipSync } from 'node:zlib';

export interface ClientOptions {
  /** Base addresses without a trailing slash. `otlp` null: this client sends no telemetry. */
  readonly http: string;
  readonly otlp: string | null;
  readonly tenant: string;
}

export interface FaultlineClient {
  /** Sends one OTLP/JSON export request. Retries while Faultline is unavailable; throws when it refuses the request. */
  sendTelemetry(signal: 'traces' | 'logs' | 'metrics', request: object): Promise<void>;
  post(path: string, body: object, contentType?: string): Promise<unknown>;
  get<Answer>(path: string): Promise<Answer>;
  getText(path: string): Promise<string>;
}

const retryTimeoutMs = 60_000;
const retryAfterMs = 200;

/** Every request carries the tenant as `X-Scope-OrgID`. */
export function createClient(options: ClientOptions): FaultlineClient {
  const headers = { 'x-scope-orgid': options.tenant };
  const post = async (
    url: string,
    body: string | Uint8Array<ArrayBuffer>,
    extra: Record<string, string>,
  ): Promise<unknown> => {
    const response = await fetchWithRetry(url, { method: 'POST', body, headers: { ...headers, ...extra } });
    return response.json();
  };
  const getText = async (path: string): Promise<string> =>
    (await fetchWithRetry(options.http + path, { headers })).text();
  return {
    sendTelemetry: async (signal, request) => {
      const body = new Uint8Array(gzipSync(JSON.stringify(request), { level: 1 }));
      await post(`${options.otlp}/v1/${signal}`, body, {
        'content-type': 'application/json',
        'content-encoding': 'gzip',
      });
    },
    post: (path, body, contentType = 'application/json') =>
      post(options.http + path, JSON.stringify(body), { 'content-type': contentType }),
    get: async <Answer>(path: string) => (await getText(path).then(JSON.parse)) as Answer,
    getText,
  };
}

/** Retries on 503 and on refused connections, as real senders do. */
async function fetchWithRetry(url: string, init: RequestInit): Promise<Response> {
  const deadline = Date.now() + retryTimeoutMs;
  while (true) {
    const response = await fetch(url, init).catch((error: unknown) => error);
    if (response instanceof Response && response.ok) return response;
    const reason = response instanceof Response ? `${response.status} ${await response.text()}` : String(response);
    const isFinal = response instanceof Response && response.status !== 503;
    if (isFinal || Date.now() > deadline) throw new Error(`${init.method ?? 'GET'} ${url}: ${reason}`);
    await new Promise((resolve) => setTimeout(resolve, retryAfterMs));
  }
}
