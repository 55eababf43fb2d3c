import { z } from 'zod';
import { pageSize, pageToken, requiredText, text } from '../api/field.ts';

export const getLedgerRequest = z.strictObject({});
export const listDeadLettersRequest = z.strictObject({
  source: text(),
  pageSize: pageSize(200, 50),
  pageToken: pageToken(),
});
export type ListDeadLettersRequest = z.output<typeof listDeadLettersRequest>;
export const replayDeadLettersRequest = z.strictObject({
  ids: z.array(requiredText()).min(1, 'is missing').max(100).prefault([]).describe('Dead letters, by their ids.'),
  mapping: text(50_000).describe(
    'JSONata that makes the body to send from the one that was refused. Empty: as it came.',
  ),
  headers: z
    .record(z.string().max(100), z.string().max(1000))
    .default({})
    .describe('Headers that the body does not hold, such as `x-github-event`.'),
});
export type ReplayDeadLettersRequest = z.output<typeof replayDeadLettersRequest>;
