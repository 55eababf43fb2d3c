/** The documents that are generated from the notifier. */
import { z } from 'zod';
import { pageSchema } from '../channels/webhook/page-json.ts';

export { describeChannels } from './describe-channels.ts';

/** The JSON schema of a page. */
export function describePageSchema(): string {
  return `${JSON.stringify(z.toJSONSchema(pageSchema), null, 2)}\n`;
}
