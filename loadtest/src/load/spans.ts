/** The process that sends spans, as its parent sees it. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { LoadOptions, LoadReply, LoadRequest } from './under-load.ts';

export interface SpanLoad {
  /** Makes these services fail from now on, and no others. */
  break(services: readonly number[]): void;
  count(): Promise<LoadReply>;
  stop(): void;
}

/** Starts the load. 0 spans per second: no load. */
export function startSpans(options: LoadOptions): SpanLoad {
  const child = fork(join(import.meta.dirname, 'child.ts'));
  const send = (message: LoadRequest) => void child.send(message);
  if (options.spansPerSecond > 0) send({ kind: 'start', options });
  return {
    break: (services) => send({ kind: 'break', services }),
    count: async () => {
      const reply = once(child, 'message');
      send({ kind: 'count' });
      const [counts] = (await reply) as [LoadReply];
      return counts;
    },
    stop: () => child.disconnect(),
  };
}
