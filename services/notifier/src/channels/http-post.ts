/** One HTTP POST as channels need it: bounded in time and size, no redirects, no forbidden address, failures told without secrets. */
import { lookup as systemLookup } from 'node:dns';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { ChannelError } from '../errors.ts';
import { isForbiddenAddress } from './address.ts';

export interface PostOptions {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly timeoutMs: number;
  readonly allowLinkLocal: boolean;
  readonly signal: AbortSignal;
}

export interface PostAnswer {
  readonly status: number;
  /** At most 1 MiB. */
  readonly body: string;
  /** From Retry-After, ms; null without one. */
  readonly retryAfterMs: number | null;
}

const maxAnswerBytes = 1024 * 1024;

/** Resolves with any answer. Rejects with a transient ChannelError when there was none, with a permanent one for a forbidden address. */
export async function post(options: PostOptions): Promise<PostAnswer> {
  const url = new URL(options.url);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (!options.allowLinkLocal && isIP(host) !== 0 && isForbiddenAddress(host)) throw forbidden(url.host);
  const timeout = AbortSignal.timeout(options.timeoutMs);
  const signal = AbortSignal.any([options.signal, timeout]);
  let wasSent = false;
  try {
    return await exchange(url, { ...options, signal }, () => {
      wasSent = true;
    });
  } catch (error) {
    if (error instanceof ChannelError) throw error;
    const reason = timeout.aborted ? `no answer within ${options.timeoutMs} ms` : systemCode(error);
    throw new ChannelError(`${url.host}: ${reason}`, { kind: 'transient', maybeDelivered: wasSent });
  }
}

function exchange(url: URL, options: PostOptions, onConnected: () => void): Promise<PostAnswer> {
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
    outgoing.on('response', (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes <= maxAnswerBytes) chunks.push(chunk);
        else response.destroy(new Error('ETOOLARGE'));
      });
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          body: Buffer.concat(chunks).toString('utf8'),
          retryAfterMs: parseRetryAfter(response.headers['retry-after']),
        }),
      );
    });
    outgoing.end(body);
  });
}

/** Looks at the addresses that are connected to, not at the name: a name may point anywhere, and elsewhere the next time. */
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

/** Seconds; the form with a date is taken as "wait the usual time". At most an hour. */
function parseRetryAfter(header: string | undefined): number | null {
  const seconds = Number(header);
  return header === undefined || !Number.isFinite(seconds) || seconds < 0 ? null : Math.min(seconds, 3600) * 1000;
}

function systemCode(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : 'connection failed';
}

/** What a status means for the message. 429 and 5xx are worth another try, and so are a timeout (408) and "too early" (425). */
export function classifyStatus(host: string, { status, retryAfterMs }: PostAnswer): ChannelError | null {
  if (status >= 200 && status < 300) return null;
  const isTransient = status >= 500 || status === 429 || status === 408 || status === 425;
  return new ChannelError(`${host} answered ${status}`, {
    kind: isTransient ? 'transient' : 'permanent',
    maybeDelivered: status >= 500 || status === 408,
    retryAfterMs: isTransient ? retryAfterMs : null,
  });
}
