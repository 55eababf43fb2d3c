/** One HTTP POST of a channel: bounded in time and size, without redirects, never to a forbidden address. Its errors hold no secrets. */
import { lookup as systemLookup } from 'node:dns';
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { ChannelError } from '../errors.ts';
import { isForbiddenAddress } from './address.ts';
import { parseRetryAfter } from './retry-after.ts';

export interface PostOptions {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly timeoutMs: number;
  readonly allowLinkLocal: boolean;
  readonly signal: AbortSignal;
  /** The rest of a longer body is dropped. Default: 64 KiB. */
  readonly maxBodyBytes?: number;
}

export interface PostAnswer {
  readonly status: number;
  /** The first `maxBodyBytes` of the body, or what arrived of it in time. */
  readonly body: string;
  /** From Retry-After. Null without one. */
  readonly retryAfterMs: number | null;
}

const defaultMaxBodyBytes = 64 * 1024;

/**
 * Resolves once there is a status: the status says whether the page was taken, whatever becomes of the body. Throws a transient ChannelError
 * without a status, and a permanent one for a forbidden address.
 */
export async function post(options: PostOptions): Promise<PostAnswer> {
  const url = new URL(options.url);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (!options.allowLinkLocal && isIP(host) !== 0 && isForbiddenAddress(host)) throw forbidden(url.host);
  const timeout = AbortSignal.timeout(options.timeoutMs);
  const signal = AbortSignal.any([options.signal, timeout]);
  let wasSent = false;
  try {
    const response = await send(url, { ...options, signal }, () => {
      wasSent = true;
    });
    return await answerOf(response, options.maxBodyBytes ?? defaultMaxBodyBytes);
  } catch (error) {
    if (error instanceof ChannelError) throw error;
    const reason = timeout.aborted ? `no answer within ${options.timeoutMs} ms` : systemCode(error);
    throw new ChannelError(`${url.host}: ${reason}`, { kind: 'transient', maybeDelivered: wasSent });
  }
}

/** Resolves with the head of the answer. */
function send(url: URL, options: PostOptions, onConnected: () => void): Promise<IncomingMessage> {
  const { headers, body, signal, allowLinkLocal } = options;
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const outgoing = request(url, {
      method: 'POST',
      headers: { ...headers, 'content-length': Buffer.byteLength(body), 'user-agent': 'faultline' },
      agent: false,
      signal,
      ...(allowLinkLocal ? {} : { lookup: checkedLookup(url.host) }),
    });
    outgoing.on('socket', (socket) => socket.once('connect', onConnected));
    outgoing.on('error', reject);
    outgoing.on('response', resolve);
    outgoing.end(body);
  });
}

/** Never throws: a body that breaks off, times out or is too long does not change the status. */
async function answerOf(response: IncomingMessage, maxBodyBytes: number): Promise<PostAnswer> {
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
export function classifyStatus(host: string, { status, retryAfterMs }: PostAnswer): ChannelError | null {
  if (status >= 200 && status < 300) return null;
  const isTransient = status >= 500 || status === 429 || status === 408 || status === 425;
  return new ChannelError(`${host} answered ${status}`, {
    kind: isTransient ? 'transient' : 'permanent',
    maybeDelivered: status >= 500 || status === 408,
    retryAfterMs: isTransient ? retryAfterMs : null,
  });
}
