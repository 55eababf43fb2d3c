/** Reads dead letters of a running Faultline, and has it send them again. */
import { z } from 'zod';
import { type ApiClient, callApi } from './api-call.ts';

const letterSchema = z.object({
  id: z.string(),
  source: z.string(),
  signal: z.string(),
  items: z.number(),
  code: z.string(),
  reason: z.string(),
  receivedAt: z.string(),
  contentType: z.string(),
  /** Base64, cut to 64 KiB. */
  payload: z.string(),
  payloadBytes: z.number(),
});
export type ListedLetter = z.infer<typeof letterSchema>;
const pageSchema = z.object({ deadLetters: z.array(letterSchema).default([]), nextPageToken: z.string().default('') });

const failedCode = 'ALL_DEAD_LETTERS_FAILED';

/** Newest first. An empty `source` means all. Throws ALL_DEAD_LETTERS_FAILED. */
export async function listLetters(options: ApiClient, source: string, most: number): Promise<ListedLetter[]> {
  const found: ListedLetter[] = [];
  for (let pageToken = ''; ; ) {
    const query = new URLSearchParams({ source, pageSize: '100', pageToken });
    const answer = await callApi(options, `/api/v1/dead-letters?${query}`, { method: 'GET' }, failedCode);
    const page = pageSchema.parse(await answer.json());
    found.push(...page.deadLetters);
    if (page.nextPageToken === '' || found.length >= most) return found.slice(0, most);
    pageToken = page.nextPageToken;
  }
}

export interface ReplayOptions {
  /** JSONata that mends the body. Empty: the body as it came. */
  readonly mapping: string;
  /** Headers that the body does not hold, such as the event of GitHub. */
  readonly headers: Readonly<Record<string, string>>;
}

const replaySchema = z.object({
  results: z.array(z.object({ id: z.string(), replayed: z.boolean(), text: z.string() })).default([]),
});
export type ReplayResult = z.infer<typeof replaySchema>['results'][number];

/** Most ids of one request. */
const mostIds = 100;

/** Sends letters again, in the order of their ids. Throws ALL_DEAD_LETTERS_FAILED. */
export async function replayLetters(
  client: ApiClient,
  ids: readonly string[],
  { mapping, headers }: ReplayOptions,
): Promise<readonly ReplayResult[]> {
  const results: ReplayResult[] = [];
  for (let from = 0; from < ids.length; from += mostIds) {
    const body = JSON.stringify({ ids: ids.slice(from, from + mostIds), mapping, headers });
    const sent = { method: 'POST', headers: { 'content-type': 'application/json' }, body };
    const answer = await callApi(client, '/api/v1/dead-letters/replay', sent, failedCode);
    results.push(...replaySchema.parse(await answer.json()).results);
  }
  return results;
}
