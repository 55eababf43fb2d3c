/** `npm run config -- why FINGERPRINT`: why an alert was paged or not. */
import { z } from 'zod';
import { type ApiClient, callApi } from './api-call.ts';

const explanationSchema = z.object({
  text: z.string(),
  steps: z.array(z.object({ at: z.string().nullish(), kind: z.string(), text: z.string() })).default([]),
  nearMatches: z
    .array(
      z.object({ source: z.string(), fingerprint: z.string(), name: z.string(), receivedAt: z.string().nullish() }),
    )
    .default([]),
});
type Explanation = z.infer<typeof explanationSchema>;

export interface AlertNames {
  readonly fingerprint: string;
  /** Empty: any. */
  readonly source: string;
}

/** Several lines: the sentence, then each step. Throws ALL_WHY_FAILED. */
export async function runWhy({ fingerprint, source }: AlertNames, client: ApiClient): Promise<string> {
  const path = `/api/v1/alerts/explain?${new URLSearchParams({ fingerprint, source })}`;
  const answer = await callApi(client, path, { method: 'GET' }, 'ALL_WHY_FAILED');
  return describe(explanationSchema.parse(await answer.json()));
}

const timeColumns = 26;

function describe({ text, steps, nearMatches }: Explanation): string {
  const kindColumns = Math.max(0, ...steps.map(({ kind }) => kind.length)) + 2;
  const lines = steps.map((step) => `${timeText(step.at)}${step.kind.padEnd(kindColumns)}${step.text}`);
  const near = nearMatches.map(
    (match) => `${timeText(match.receivedAt)}${match.source}  ${match.fingerprint}  ${match.name}`,
  );
  const heading = near.length === 0 ? [] : ['Alerts of the last week that look like it:'];
  return `${[text, ...lines, ...heading, ...near].join('\n')}\n`;
}

function timeText(at: string | null | undefined): string {
  return (at ?? '').padEnd(timeColumns);
}
