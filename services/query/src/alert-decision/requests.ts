import { z } from 'zod';
import { requiredText, text } from '../api/field.ts';

export const explainAlertRequest = z.strictObject({
  fingerprint: requiredText(500).describe("The alert's fingerprint, as its source or the console shows it."),
  source: text().describe('The source that sends it, such as `alertmanager`. Empty: any.'),
});
export type ExplainAlertRequest = z.output<typeof explainAlertRequest>;
