/** A topic of others in memory, of one partition. Commits go to a log, and a test can make them fail. */
import type {
  Bus,
  openSourceTopic,
  SourceAssignment,
  SourceCommit,
  SourceRecord,
  SourceTopicOptions,
} from '@faultline/bus';
import { sleep } from '@faultline/runtime';

export interface MemoryTopic {
  readonly open: typeof openSourceTopic;
  /** What was asked for when the topic was opened. */
  readonly opened: SourceTopicOptions[];
  send(value: Uint8Array | null, headers?: Readonly<Record<string, string>>): void;
  /** Resolves when all that was sent is committed. */
  handled(): Promise<void>;
  readonly commits: SourceCommit[];
  /** How many of the next commits fail after their records were written. */
  failAfterWrite: number;
}

export function createMemoryTopic(): MemoryTopic {
  const messages: SourceRecord[] = [];
  const waiting = new Set<() => void>();
  const notify = () => {
    for (const wake of waiting) wake();
    waiting.clear();
  };
  const changed = () => new Promise<void>((resolve) => waiting.add(resolve));
  let committed = 0n;
  const topic: MemoryTopic = {
    opened: [],
    commits: [],
    failAfterWrite: 0,
    send: (value, headers = {}) => {
      const offset = BigInt(messages.length);
      messages.push({ topic: 'their-topic', partition: 0, offset, timestampMs: 0, key: '', value, headers });
      notify();
    },
    handled: async () => {
      while (committed < BigInt(messages.length)) await changed();
    },
    open: ({ bus }, options) => {
      topic.opened.push(options);
      const stopping = new AbortController();
      const done = run(options, bus, stopping.signal);
      const stop = async () => {
        stopping.abort();
        notify();
        await done;
      };
      const lag = () => messages.length - Number(committed);
      return { done, stop, status: async () => ({ partitions: 1, held: 1, lag: lag() }) };
    },
  };
  const commit = async (bus: Pick<Bus, 'publish'>, one: SourceCommit) => {
    await bus.publish(one.records);
    if (topic.failAfterWrite > 0) {
      topic.failAfterWrite -= 1;
      throw new Error('the position was not written');
    }
    topic.commits.push(one);
    committed = one.offset;
    notify();
  };
  const assignmentOf = (bus: Pick<Bus, 'publish'>, signal: AbortSignal): SourceAssignment => {
    let next = Number(committed);
    return {
      partition: 0,
      signal,
      poll: async ({ maxRecords }) => {
        if (next >= messages.length && !signal.aborted) await changed();
        const found = messages.slice(next, next + maxRecords);
        next += found.length;
        return found;
      },
      commit: (one) => commit(bus, one),
    };
  };
  const run = async (options: SourceTopicOptions, bus: Pick<Bus, 'publish'>, signal: AbortSignal) => {
    while (!signal.aborted) {
      await options.run(assignmentOf(bus, signal)).catch(() => undefined);
      await sleep(0);
    }
  };
  return topic;
}
