/** Writes to the log which parts of the store are damaged, each once. */
import type { Bus } from '@faultline/bus';
import { type Clock, type Logger, sleep } from '@faultline/runtime';
import type { DamagedPart, Store } from '@faultline/store';
import { damageKey, damageRecords } from './records.ts';

export interface DamageReportOptions {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onDamaged: Store['onDamaged'];
}

const retryMs = 5_000;

/** Returns the function that ends it. It waits until the report under way is written. */
export function reportDamage({ bus, clock, logger, onDamaged }: DamageReportOptions): () => Promise<void> {
  const stopping = new AbortController();
  let reported: Promise<void> = Promise.resolve();
  const report = async (part: DamagedPart): Promise<void> => {
    while (true) {
      try {
        if (!(await hasKey(bus, damageKey(part)))) await bus.publish(damageRecords(part, clock()));
        return;
      } catch (error) {
        if (stopping.signal.aborted) return;
        logger.warn('a damaged part of the store could not be reported; retrying', { error: String(error) });
        await sleep(retryMs, stopping.signal);
      }
    }
  };
  const end = onDamaged((part) => {
    reported = reported.then(() => report(part));
  });
  return async () => {
    end();
    stopping.abort();
    await reported;
  };
}

/** Reads the whole topic. It is compacted, and damage is rare. */
async function hasKey(bus: Bus, key: string): Promise<boolean> {
  const topic = 'ledger';
  const partition = bus.partitionOf(topic, key);
  for await (const record of bus.read({ topic, partition, from: 0n })) if (record.key === key) return true;
  return false;
}
