/** Requests with JSON bodies, as most channels send them. An answer without success becomes a ChannelError. */
import { classifyStatus, type HttpClient, type HttpRequest } from './http-client.ts';

export interface JsonCall {
  /** Default: POST. */
  readonly method?: HttpRequest['method'];
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. Not for GET. */
  readonly body?: unknown;
}

/** Resolves with the JSON of the answer, an empty object when it has none. Throws ChannelError. */
export type CallJson = (call: JsonCall, signal: AbortSignal) => Promise<Readonly<Record<string, unknown>>>;

export interface CallJsonOptions {
  readonly http: HttpClient;
  readonly timeoutMs: number;
  readonly maxBodyBytes?: number;
}

export function createCallJson({ http, ...options }: CallJsonOptions): CallJson {
  return async ({ method = 'POST', url, headers = {}, body }, signal) => {
    const answer = await http.request({
      ...options,
      method,
      url,
      headers: method === 'GET' ? headers : { 'content-type': 'application/json', ...headers },
      body: method === 'GET' ? '' : JSON.stringify(body ?? {}),
      allowLinkLocal: false,
      signal,
    });
    const error = classifyStatus(new URL(url).host, answer);
    if (error !== null) throw error;
    return parseObject(answer.body);
  };
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
