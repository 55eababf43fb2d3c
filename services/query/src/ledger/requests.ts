import { z } from 'zod';
import { pageSize, pageToken, requiredText, text } from '../api/field.ts';

export const getLedgerRequest = z.strictObject({});
export const listDeadLettersRequest = z.strictObject({
  source: text(),
  pageSize: pageSize(200, 50),
  pageToken: pageToken(),
});
export type ListDeadLettersRequest = z.output<typeof listDeadLettersRequest>;
export const replayDeadLettersRequest = z.strictObject({ ids: z.array(requiredText()).min(1).max(1000) });
