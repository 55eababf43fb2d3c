/** Keeps the catalogue in step with its files and with the compacted `config` topic. */
import type { Bus } from '@faultline/bus';
import { clusterRecordTypes, codecs, recordTypeHeader } from '@faultline/model';
import { backoffMs, type Health, type Logger, sleep } from '@faultline/runtime';
import type { CorrelatorConfig } from '../config.ts';
import { Catalogue } from './catalogue.ts';

interface WatchOptions {
  readonly bus: Pick<Bus, 'follow'>;
  readonly config: CorrelatorConfig;
  readonly logger: Logger;
  readonly health: Health;
  readonly signal: AbortSignal;
}

const retry = { baseMs: 200, maxMs: 5000 };
/** Paging must not wait for a log that cannot be read now: files and the configuration name owners all the same. */
const longestStartMs = 5000;

/** Resolves once files and clusters were read. `done` resolves when the signal is aborted. */
export async function startCatalogue(options: WatchOptions): Promise<{ catalogue: Catalogue; done: Promise<unknown> }> {
  const { config, signal } = options;
  const catalogue = new Catalogue(config);
  const following = config.catalogueFromClusters ? followClusters(catalogue, options) : null;
  if (following !== null) await Promise.race([following.known, sleep(longestStartMs, signal)]);
  const report = createReport(options);
  report(catalogue.refresh());
  const isFixed = config.catalogueFiles.length === 0 && following === null;
  const refreshing = isFixed ? null : refreshUntilStopped(catalogue, report, options);
  return { catalogue, done: Promise.all([following?.done, refreshing]) };
}

async function refreshUntilStopped(
  catalogue: Catalogue,
  report: (problems: readonly string[]) => void,
  { config, signal }: WatchOptions,
): Promise<void> {
  while (!signal.aborted) {
    await sleep(config.catalogueReloadMs, signal);
    if (!signal.aborted) report(catalogue.refresh());
  }
}

/** Health shows what cannot be read; the log gets it once. */
function createReport({ health, logger }: WatchOptions): (problems: readonly string[]) => void {
  let last = '';
  return (problems) => {
    const detail = problems.join('; ');
    if (detail === last) return;
    last = detail;
    if (detail === '') return health.remove('catalogue');
    health.set('catalogue', { ok: false, detail: `owners of an older version are used: ${detail}` });
    logger.warn('a file of owners cannot be read', { code: 'CORRELATOR_CATALOGUE_UNREADABLE', detail });
  };
}

function followClusters(catalogue: Catalogue, options: WatchOptions) {
  const { promise: known, resolve } = Promise.withResolvers<void>();
  return { known, done: followUntilStopped(catalogue, options, resolve).finally(resolve) };
}

async function followUntilStopped(
  catalogue: Catalogue,
  { bus, logger, signal }: WatchOptions,
  onKnown: () => void,
): Promise<void> {
  for (let attempt = 1; !signal.aborted; attempt += 1)
    try {
      for await (const record of bus.follow('config', signal)) {
        if ('caughtUp' in record) onKnown();
        else if (record.value === null) catalogue.take(record.key, null);
        else if (record.headers[recordTypeHeader] === clusterRecordTypes.binding) {
          const decoded = codecs.entityBinding.decode(record.value);
          if (decoded.ok) catalogue.take(record.key, decoded.value);
        }
      }
    } catch (error) {
      logger.warn('owners of watched clusters are not read', { error: String(error) });
      await sleep(backoffMs(attempt, retry, Math.random), signal);
    }
}
