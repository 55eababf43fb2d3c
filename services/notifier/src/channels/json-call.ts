/** Requests with JSON bodies, as most channels send them. An answer without success becomes a ChannelError. */
import { classifyStatus, type HttpClient, type HttpRequest } from './http-client.ts';

export interface JsonCall {
  /** Default: POST. */
  readonly method?: HttpRequest['method'];
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. Not for GET. */
  readonly body?: unknown;
  /** Sent as a form instead of `body`. */
  readonly form?: Readonly<Record<string, string>>;
}

/** Resolves with the JSON of the answer, an empty object when it has none. Throws ChannelError. */
export type CallJson = (call: JsonCall, signal: AbortSignal) => Promise<Readonly<Record<string, unknown>>>;

export interface CallJsonOptions {
  readonly http: HttpClient;
  readonly timeoutMs: number;
  readonly maxBodyBytes?: number;
  /** The wait in seconds that the body of a 429 asks for, where a receiver has no Retry-After. Null: none. */
  readonly retryAfterSeconds?: (body: Readonly<Record<string, unknown>>) => number | null;
}

export function createCallJson({ http, retryAfterSeconds = () => null, ...options }: CallJsonOptions): CallJson {
  return async (call, signal) => {
    const { method = 'POST', url } = call;
    const content = contentOf(call);
    const headers = { ...content.headers, ...call.headers };
    const answer = await http.request({
      ...options,
      method,
      url,
      headers,
      body: content.body,
      allowLinkLocal: false,
      signal,
    });
    const body = parseObject(answer.body);
    const seconds = answer.status === 429 ? retryAfterSeconds(body) : null;
    const retryAfterMs = answer.retryAfterMs ?? (seconds === null ? null : seconds * 1000);
    const error = classifyStatus(new URL(url).host, { ...answer, retryAfterMs });
    if (error !== null) throw error;
    return body;
  };
}

function contentOf({ method, body, form }: JsonCall): Pick<HttpRequest, 'body' | 'headers'> {
  if (method === 'GET') return { body: '', headers: {} };
  if (form === undefined) return { body: JSON.stringify(body ?? {}), headers: { 'content-type': 'application/json' } };
  const text = new URLSearchParams(form).toString();
  return { body: text, headers: { 'content-type': 'application/x-www-form-urlencoded' } };
}

/** The value of a Basic authorization header. */
export function basicAuth(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

/** Arrays and other values count as an empty object: the status already says that the page was taken. */
export function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A field that must be a text. Anything else is an empty text. */
export function textField(owner: unknown, name: string): string {
  const value = isObject(owner) ? owner[name] : undefined;
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

/** A field that must be a list of objects. */
export function listField(owner: unknown, name: string): readonly Readonly<Record<string, unknown>>[] {
  const value = isObject(owner) ? owner[name] : undefined;
  return Array.isArray(value) ? value.filter(isObject) : [];
}
