/** Reads dead letters of a running Faultline, and sends their payloads again. */
import { type IngestConfig, type MappingEvaluator, replayPlaceOf } from '@faultline/ingest';
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
  readonly ingest: IngestConfig;
  readonly mappings: MappingEvaluator;
  /** Headers that the body does not hold, such as the event of GitHub. */
  readonly headers: Readonly<Record<string, string>>;
  readonly nowMs: number;
}

export interface Replayed {
  readonly isOk: boolean;
  /** One line. */
  readonly text: string;
}

/** Sends a letter again when the configuration takes it now. What is sent twice has the same ids, so it counts once. */
export async function replayLetter(letter: ListedLetter, client: ApiClient, options: ReplayOptions): Promise<Replayed> {
  const { headers, ingest, mappings, nowMs } = options;
  const payload = Buffer.from(letter.payload, 'base64');
  const refused = (reason: string): Replayed => ({ isOk: false, text: `${letter.id}: not replayed: ${reason}` });
  if (payload.length < letter.payloadBytes || /the first \d+ of \d+ bytes are kept/.test(letter.reason))
    return refused('only the beginning of its payload was kept');
  const { source, contentType } = letter;
  const place = await replayPlaceOf({ source, contentType, payload, headers, nowMs }, ingest, mappings);
  if (!place.ok) return refused(place.reason);
  const type = contentType === '' ? 'application/json' : contentType;
  const sent = { method: 'POST', headers: { ...headers, 'content-type': type }, body: new Uint8Array(payload) };
  const answer = await callApi(client, place.path, sent, failedCode);
  return { isOk: true, text: `${letter.id}: replayed to ${place.path}: ${answer.status} ${await answer.text()}` };
}
