/** Keeps read models up to date with their topics. */
import type { Bus, LogRecord } from '@faultline/bus';
import type { TopicName } from '@faultline/model';
import { backoffMs, type Logger, sleep } from '@faultline/runtime';

/** What is kept in memory of a topic. */
export interface ReadModel {
  /** Called before the first record, and before the topic is read again from its start. */
  restart(): void;
  /** Returns why the record was skipped, or null. Bytes that do not decode are logged and do not stop the others. */
  apply(record: LogRecord): string | null;
  /** Called after every record that existed at the start. Returns why records were skipped that were decoded only now. */
  caughtUp(): readonly string[];
}

export interface FollowOptions {
  readonly bus: Bus;
  readonly topic: TopicName;
  readonly readModel: ReadModel;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

const backoff = { baseMs: 200, maxMs: 5000 };

/** Follows a topic until `signal` is aborted. When the log was away it starts over. The read model stays readable meanwhile. */
export async function followTopic({ bus, topic, readModel, logger, signal }: FollowOptions): Promise<void> {
  for (let attempt = 1; !signal.aborted; attempt += 1) {
    try {
      readModel.restart();
      for await (const item of bus.follow(topic, signal)) {
        if ('caughtUp' in item) {
          for (const reason of readModel.caughtUp()) logger.warn('skipped a record', { topic, reason });
        } else {
          const skipped = readModel.apply(item);
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
