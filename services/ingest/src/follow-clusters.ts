/** Keeps the names of watched clusters in step with the compacted `config` topic. */
import type { Bus } from '@faultline/bus';
import { clusterRecordTypes, codecs, recordTypeHeader } from '@faultline/model';
import { backoffMs, type Logger, sleep } from '@faultline/runtime';
import type { ClusterNames } from './cluster-names.ts';

export interface FollowOptions {
  readonly bus: Pick<Bus, 'follow'>;
  readonly names: ClusterNames;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

const retry = { baseMs: 200, maxMs: 5000 };

/** `known` resolves once everything that was there is read; `done` when the signal is aborted. Neither rejects: labels alone decide until then. */
export function followClusters(options: FollowOptions): {
  readonly known: Promise<void>;
  readonly done: Promise<void>;
} {
  const { promise: known, resolve } = Promise.withResolvers<void>();
  return { known, done: followUntilStopped(options, resolve).finally(resolve) };
}

async function followUntilStopped({ bus, names, logger, signal }: FollowOptions, onKnown: () => void): Promise<void> {
  for (let attempt = 1; !signal.aborted; attempt += 1)
    try {
      for await (const record of bus.follow('config', signal)) {
        if ('caughtUp' in record) onKnown();
        else if (record.value === null) names.take(record.key, null);
        else if (record.headers[recordTypeHeader] === clusterRecordTypes.binding) {
          const decoded = codecs.entityBinding.decode(record.value);
          if (decoded.ok) names.take(record.key, decoded.value);
        }
      }
    } catch (error) {
      logger.warn('names of watched clusters are not read', { error: String(error) });
      await sleep(backoffMs(attempt, retry, Math.random), signal);
    }
}
