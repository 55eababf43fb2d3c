/** Watches and queries in a process of their own, so that reading their answers does not delay what is measured. */
import { startQueries } from './queries.ts';
import type { ReadersOptions } from './readers.ts';
import { openWatches } from './revisions.ts';

process.on('disconnect', () => process.exit());
process.on('message', async ({ http, tenant, services, watches, queries }: ReadersOptions) => {
  await openWatches(http, tenant, watches);
  if (queries > 0) startQueries({ http, tenant, services, inFlight: queries });
  process.send?.('ready');
});
