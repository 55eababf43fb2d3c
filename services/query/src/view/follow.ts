import type { Bus, LogRecord } from '@faultline/bus';
import type { TopicName } from '@faultline/model';
import { backoffMs, type Logger, sleep } from '@faultline/runtime';

/** What is kept from a topic. Records come again from the oldest after `restart`, which is also called before the first. */
export interface View {
  restart(): void;
  /** Gives why the record was skipped, or null: bytes that do not decode are logged, and do not stop the others. */
  apply(record: LogRecord): string | null;
  /** Every record that was there at the start has been given. Gives why records were skipped that were only looked at now. */
  caughtUp(): readonly string[];
}

export interface FollowOptions {
  readonly bus: Bus;
  readonly topic: TopicName;
  readonly view: View;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

const backoff = { baseMs: 200, maxMs: 5000 };

/** Keeps a view up to date until `signal` is aborted; begins again when the log was away. What the view holds stays readable meanwhile. */
export async function followTopic({ bus, topic, view, logger, signal }: FollowOptions): Promise<void> {
  for (let attempt = 1; !signal.aborted; attempt += 1) {
    try {
      view.restart();
      for await (const item of bus.follow(topic, signal)) {
        if ('caughtUp' in item) {
          for (const reason of view.caughtUp()) logger.warn('skipped a record', { topic, reason });
        } else {
          const skipped = view.apply(item);
          if (skipped !== null)
            logger.warn('skipped a record', { topic, offset: Number(item.offset), reason: skipped });
        }
        attempt = 1;
      }
    } catch (error) {
      logger.warn('following a topic failed, trying again', { topic, attempt, error: String(error) });
    }
    if (!signal.aborted) await sleep(backoffMs(attempt, backoff, Math.random), signal);
  }
}
