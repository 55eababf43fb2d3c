/**
 * One HTTP request of a channel: bounded in time and size, without redirects, never to a forbidden address. It uses the configured proxy.
 * Its errors hold no secrets.
 */
import { type LookupAddress, lookup as systemLookup } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { ChannelError } from '../errors.ts';
import { isForbiddenAddress } from './address.ts';
import { patientTimeout } from './patient-timeout.ts';
import { parseRetryAfter } from './retry-after.ts';

export interface HttpRequest {
  /** Default: POST. */
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Empty for GET. */
  readonly body: string;
  readonly timeoutMs: number;
  readonly allowLinkLocal: boolean;
  readonly signal: AbortSignal;
  /** The rest of a longer body is dropped. Default: 64 KiB. */
  readonly maxBodyBytes?: number;
}

export interface HttpAnswer {
  readonly status: number;
  /** The first `maxBodyBytes` of the body, or what arrived of it in time. */
  readonly body: string;
  /** From Retry-After. Null without one. */
  readonly retryAfterMs: number | null;
}

export interface HttpClient {
  /**
   * Resolves once there is a status: the status says whether the page was taken, whatever becomes of the body. Throws a transient
   * ChannelError without a status, and a permanent one for a forbidden address.
   */
  request(request: HttpRequest): Promise<HttpAnswer>;
}

export interface ProxyOptions {
  /** Proxy for all requests, by CONNECT for HTTPS. Null: none. */
  readonly proxyUrl: string | null;
  /** Hosts that are reached without the proxy, as in NO_PROXY: `a.example,.b.example,10.0.0.1`. */
  readonly noProxy: string;
}

const defaultMaxBodyBytes = 64 * 1024;

export function createHttpClient(proxy: ProxyOptions = { proxyUrl: null, noProxy: '' }): HttpClient {
  return { request: (options) => request(options, proxy) };
}

async function request(options: HttpRequest, proxy: ProxyOptions): Promise<HttpAnswer> {
  const url = new URL(options.url);
  const timeout = patientTimeout(options.timeoutMs);
  const signal = AbortSignal.any([options.signal, timeout.signal]);
  let wasSent = false;
  try {
    if (!options.allowLinkLocal) await refuseForbidden(url, proxy);
    const response = await send(url, { ...options, signal }, proxy, () => {
      wasSent = true;
    });
    return await answerOf(response, options.maxBodyBytes ?? defaultMaxBodyBytes);
  } catch (error) {
    if (error instanceof ChannelError) throw error;
    const reason = timeout.signal.aborted ? `no answer within ${options.timeoutMs} ms` : systemCode(error);
    throw new ChannelError(`${url.host}: ${reason}`, { kind: 'transient', maybeDelivered: wasSent });
  } finally {
    timeout.stop();
  }
}

/** Resolves with the head of the answer. */
function send(url: URL, options: HttpRequest, proxy: ProxyOptions, onConnected: () => void): Promise<IncomingMessage> {
  const { method = 'POST', headers, body, signal, allowLinkLocal } = options;
  const isHttps = url.protocol === 'https:';
  return new Promise((resolve, reject) => {
    const outgoing = (isHttps ? requestHttps : requestHttp)(url, {
      method,
      headers: { ...headers, ...(method === 'GET' ? {} : bodyHeaders(body)), 'user-agent': 'faultline' },
      agent: agentOf(isHttps, proxy),
      signal,
      ...(allowLinkLocal ? {} : { lookup: checkedLookup(url.host) }),
    });
    outgoing.on('socket', (socket) => {
      // The tunnel of a proxy is connected before the request gets it.
      if (socket.connecting) socket.once('connect', onConnected);
      else onConnected();
    });
    outgoing.on('error', reject);
    outgoing.on('response', resolve);
    outgoing.end(method === 'GET' ? undefined : body);
  });
}

function bodyHeaders(body: string): Readonly<Record<string, number>> {
  return { 'content-length': Buffer.byteLength(body) };
}

/** A connection for each request, because an idle one may be closed just as a page is written to it. */
function agentOf(isHttps: boolean, { proxyUrl, noProxy }: ProxyOptions) {
  if (proxyUrl === null) return false;
  const proxyEnv = { HTTP_PROXY: proxyUrl, HTTPS_PROXY: proxyUrl, NO_PROXY: noProxy };
  return isHttps ? new HttpsAgent({ proxyEnv }) : new HttpAgent({ proxyEnv });
}

/** Never throws: a body that breaks off, times out or is too long does not change the status. */
async function answerOf(response: IncomingMessage, maxBodyBytes: number): Promise<HttpAnswer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk.subarray(0, maxBodyBytes - bytes));
      bytes += chunk.length;
      // Leaving the loop closes the connection.
      if (bytes >= maxBodyBytes) break;
    }
  } catch {
    // What arrived so far is the body.
  }
  return {
    status: response.statusCode ?? 0,
    body: Buffer.concat(chunks).toString('utf8'),
    retryAfterMs: parseRetryAfter(response.headers),
  };
}

/**
 * Refuses a forbidden address in the URL. With a proxy the proxy resolves the name, so a name that also resolves here is checked here. A
 * closed network may have no DNS for it; then the proxy decides.
 */
async function refuseForbidden(url: URL, { proxyUrl }: ProxyOptions): Promise<void> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0) {
    if (isForbiddenAddress(host)) throw forbidden(url.host);
    return;
  }
  if (proxyUrl === null) return;
  const addresses = await Promise.race([lookup(host, { all: true }).catch(() => []), noneAfter(maxLookupMs)]);
  if (addresses.some(({ address }) => isForbiddenAddress(address))) throw forbidden(url.host);
}

/** A page does not wait for a DNS server that never answers. */
const maxLookupMs = 1000;

function noneAfter(ms: number): Promise<readonly LookupAddress[]> {
  return new Promise((resolve) => {
    setTimeout(() => resolve([]), ms).unref();
  });
}

/** Checks the addresses that are connected to, not the name: a name may resolve to another address the next time. */
function checkedLookup(host: string): LookupFunction {
  return (name, options, callback) =>
    systemLookup(name, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, '');
      if (addresses.some(({ address }) => isForbiddenAddress(address))) return callback(forbidden(host), '');
      const [first] = addresses;
      return options.all === true
        ? callback(null, addresses)
        : callback(null, first?.address ?? '', first?.family ?? 4);
    });
}

function forbidden(host: string): ChannelError {
  return new ChannelError(`${host} is, or resolves to, a link-local, metadata or unspecified address`, {
    kind: 'permanent',
    maybeDelivered: false,
    code: 'NOTIFIER_ADDRESS_FORBIDDEN',
  });
}

function systemCode(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : 'connection failed';
}

/** The error of a status, or null for a success. 408, 425, 429 and 5xx are worth another try. */
export function classifyStatus(host: string, { status, retryAfterMs }: HttpAnswer): ChannelError | null {
  if (status >= 200 && status < 300) return null;
  const isTransient = status >= 500 || status === 429 || status === 408 || status === 425;
  return new ChannelError(`${host} answered ${status}`, {
    kind: isTransient ? 'transient' : 'permanent',
    maybeDelivered: status >= 500 || status === 408,
    status,
    retryAfterMs: isTransient ? retryAfterMs : null,
  });
}
