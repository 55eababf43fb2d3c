import { consumerGroups } from '@faultline/model';
import { type Component, noTracer, type Tracer } from '@faultline/runtime';
import { telemetryTopics } from './checkpoint/state.ts';
import { historyTopics, runHistoryPartition } from './history/loop.ts';
import { runPartition } from './partition/loop.ts';
import { createRecorderMetrics } from './partition/metrics.ts';
import type { RecorderParts } from './partition/parts.ts';

export interface RecorderOptions extends RecorderParts {
  /** Default: nothing is traced. */
  readonly tracer?: Tracer;
}

/** A running recorder. */
export interface Recorder {
  /** Rejects when a loop failed for good; resolves after `stop`. */
  readonly done: Promise<void>;
}

/**
 * The recorder. Start returns at once; what was left undone before a crash is done first. Stop waits for the checkpoint that is being inserted,
 * unless the store cannot take it: then it is inserted after the next start.
 */
export function createRecorder(options: RecorderOptions): Component<Recorder> {
  return {
    start: async () => {
      const { tracer = noTracer } = options;
      const parts = { ...options, tracer, metrics: createRecorderMetrics() };
      const pending = { items: 0 };
      const telemetry = parts.bus.subscribe({
        group: consumerGroups.recorder,
        topics: telemetryTopics,
        run: (assignment) => runPartition(parts, assignment, pending),
      });
      const history = parts.bus.subscribe({
        group: consumerGroups.recorderHistory,
        topics: historyTopics,
        run: (assignment) => runHistoryPartition(parts, assignment),
      });
      const done = Promise.all([telemetry.done, history.done]).then(() => undefined);
      done.catch((error: unknown) => reportFailure(parts, error));
      parts.health.set('recorder', { ok: true, detail: 'recording' });
      return {
        value: { done },
        stop: async () => {
          await Promise.all([telemetry.stop(), history.stop()]);
          parts.health.remove('recorder');
        },
      };
    },
  };
}

function reportFailure({ health, logger }: RecorderParts, error: unknown): void {
  const detail = error instanceof Error ? error.message : String(error);
  health.set('recorder', { ok: false, detail: `stopped: ${detail}` });
  logger.error('the recorder has stopped', { reason: detail });
}
