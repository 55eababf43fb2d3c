/** Tells health and metrics how far behind a topic is. */
import type { SourceStatus, SourceSubscription } from '@faultline/bus';
import { AppError, type Health, sleep } from '@faultline/runtime';

export interface WatchOptions {
  readonly name: string;
  readonly topic: string;
  readonly subscription: Pick<SourceSubscription, 'status'>;
  readonly health: Health;
  readonly onLag: (records: number) => void;
  readonly everyMs: number;
  readonly signal: AbortSignal;
}

/** Runs until `signal` is aborted. Never rejects. */
export async function watchTopic(options: WatchOptions): Promise<void> {
  const { name, health, signal, everyMs } = options;
  const part = `kafka ${name}`;
  while (!signal.aborted) {
    const { ok, detail } = await look(options);
    if (!signal.aborted) health.set(part, { ok, detail });
    await sleep(everyMs, signal);
  }
  health.remove(part);
}

async function look({ topic, subscription, onLag }: WatchOptions): Promise<{ ok: boolean; detail: string }> {
  try {
    const status = await subscription.status();
    onLag(status.lag);
    return { ok: status.partitions > 0, detail: describe(topic, status) };
  } catch (error) {
    const reason = error instanceof AppError ? `${error.code}: ${error.message}` : String(error);
    return { ok: false, detail: `topic ${topic} cannot be looked up (${reason})` };
  }
}

function describe(topic: string, { partitions, held, lag }: SourceStatus): string {
  if (partitions === 0) return `there is no topic ${topic} yet`;
  return `topic ${topic}: ${held} of ${partitions} partitions read here, ${lag} messages behind`;
}
