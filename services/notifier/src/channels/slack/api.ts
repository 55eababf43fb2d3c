/** Calls to Slack's Web API. An error says whether another try may succeed. */
import { ChannelError } from '../../errors.ts';
import { classifyStatus, type HttpClient } from '../http-client.ts';
import type { SlackConfig } from './config.ts';

export interface SlackMessage {
  readonly ts: string;
  readonly metadata?: { readonly event_type?: string; readonly event_payload?: Readonly<Record<string, unknown>> };
}

export interface SlackAnswer {
  readonly ok: boolean;
  readonly error?: string;
  readonly ts?: string;
  readonly channel?: string;
  readonly messages?: readonly SlackMessage[];
  readonly response_metadata?: { readonly next_cursor?: string };
}

/** Slack answered `ok: false`. `slackError` is its error code. */
export class SlackError extends ChannelError {
  readonly slackError: string;

  constructor(method: string, slackError: string) {
    const isTransient = transientErrors.has(slackError);
    super(`slack ${method}: ${slackError}`, {
      kind: isTransient ? 'transient' : 'permanent',
      maybeDelivered: isTransient && slackError !== 'ratelimited',
    });
    this.slackError = slackError;
  }
}

const transientErrors: ReadonlySet<string> = new Set([
  'ratelimited',
  'rate_limited',
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
  'team_added_to_org',
]);

/** A page of a busy channel's history: 200 messages of about 13,000 characters. */
const maxBodyBytes = 8 * 1024 * 1024;

export type SlackCall = (
  method: string,
  args: Readonly<Record<string, unknown>>,
  signal: AbortSignal,
) => Promise<SlackAnswer>;

/** Calls methods with the bot's token. Every method accepts arguments as a form, with structures in it as JSON. */
export function createSlackCall({ apiUrl, token, timeoutMs }: SlackConfig, http: HttpClient): SlackCall {
  const base = apiUrl.endsWith('/') ? apiUrl : `${apiUrl}/`;
  const host = new URL(base).host;
  return async (method, args, signal) => {
    const answer = await http.request({
      url: `${base}${method}`,
      headers: {
        'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
        authorization: `Bearer ${token.reveal()}`,
      },
      body: formOf(args),
      timeoutMs,
      allowLinkLocal: false,
      signal,
      maxBodyBytes,
    });
    const refused = classifyStatus(host, answer);
    if (refused !== null) throw refused;
    const parsed = parseAnswer(answer.body);
    if (parsed === null)
      throw new ChannelError(`${host}: ${method} did not answer with Slack's JSON`, {
        kind: 'transient',
        maybeDelivered: true,
      });
    if (!parsed.ok) throw new SlackError(method, safeCode(parsed.error));
    return parsed;
  };
}

function formOf(args: Readonly<Record<string, unknown>>): string {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(args))
    form.set(name, typeof value === 'object' ? JSON.stringify(value) : String(value));
  return form.toString();
}

function parseAnswer(body: string): SlackAnswer | null {
  try {
    const value = JSON.parse(body) as unknown;
    return typeof value === 'object' && value !== null && typeof (value as SlackAnswer).ok === 'boolean'
      ? (value as SlackAnswer)
      : null;
  } catch {
    return null;
  }
}

/** Slack's codes are short words. Anything else may quote what we sent. */
function safeCode(error: string | undefined): string {
  return error !== undefined && /^[\w.-]{1,60}$/.test(error) ? error : 'unknown_error';
}
